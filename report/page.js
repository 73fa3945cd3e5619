/* page.js: draws the charts of the page from the numbers in it. */
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("report-data").textContent);
  /* Okabe & Ito 2008: told apart by people with any colour vision. */
  const palette = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442", "#000000"];
  /* A phone has no room for Plotly's buttons, nor for long names beside the axes. */
  const phone = window.matchMedia("(max-width: 700px)");
  /* Across a sheet of A4 or US letter, in CSS pixels. */
  const paperWidth = 670;
  const charts = [];

  /* Plotly reads a little HTML in its texts; names come from files and are shown as they are. */
  function plain(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  /* A name on an axis: its ends, where it is too long. */
  function short(text) {
    const most = phone.matches ? 16 : 32;
    const letters = Array.from(String(text));
    const end = Math.floor(most / 2);
    return plain(letters.length <= most ? text : letters.slice(0, most - end - 1).join("") + "\u2026" +
      letters.slice(-end).join(""));
  }

  function round(value) {
    return value === null ? "" : String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  }

  /* ---- what a chart consists of ---- */

  function make(tag, className) {
    const element = document.createElement(tag);
    element.className = className;
    return element;
  }

  /* A labelled choice; its value is the number of the item. */
  function addChoice(chart, label, items) {
    const choice = make("div", "choice");
    const name = make("label", "");
    const select = make("select", "");
    select.id = chart.plot.id + "-" + chart.controls.childElementCount;
    name.htmlFor = select.id;
    name.textContent = label;
    items.forEach(function (text, i) {
      const option = document.createElement("option");
      option.value = String(i);
      option.textContent = text;
      select.append(option);
    });
    select.addEventListener("change", chart.draw);
    choice.append(name, select);
    chart.controls.append(choice);
    return select;
  }

  function addButton(chart, label, action) {
    const button = make("button", "");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", action);
    chart.controls.append(button);
    return button;
  }

  /* The chart of that name, empty; `draw` draws it, at first and whenever something changed. NULL where the page has no
   * place for it. */
  function prepare(name, draw) {
    const place = document.getElementById("chart-" + name);
    if (!place) {
      return null;
    }
    const chart = { controls: make("div", "controls"), title: make("h3", ""), plot: make("div", "plot"),
                    notes: make("div", "notes"), draw: draw };
    const scroll = make("div", "scroll");
    chart.title.id = "title-" + name;
    chart.title.setAttribute("aria-live", "polite");
    chart.plot.id = "plot-" + name;
    chart.plot.setAttribute("role", "img");
    chart.plot.setAttribute("aria-labelledby", chart.title.id);
    scroll.append(chart.plot);
    place.replaceChildren(chart.controls, chart.title, scroll, chart.notes);
    charts.push(chart);
    return chart;
  }

  /* Puts traces on a chart. `wanted` is a layout; `least` is the width below which nothing can be read: the chart
   * scrolls then. */
  function show(chart, title, notes, traces, wanted, least) {
    chart.title.textContent = title;
    chart.notes.replaceChildren();
    notes.forEach(function (text) {
      const note = make("p", "note");
      note.textContent = text;
      chart.notes.append(note);
    });
    chart.plot.style.minWidth = least ? least + "px" : "";
    Plotly.react(chart.plot, traces, Object.assign({
      font: { family: '"DejaVu Sans", Verdana, sans-serif', size: phone.matches ? 11 : 13, color: "#202020" },
      margin: { t: phone.matches ? 10 : 36, r: phone.matches ? 10 : 20, b: 50, l: 50 },
      colorway: palette,
      autosize: true,
      dragmode: phone.matches ? false : "zoom"
    }, wanted), { responsive: true, displaylogo: false, displayModeBar: !phone.matches });
  }

  function axis(title, more) {
    return Object.assign({ title: { text: plain(title), standoff: 12 }, automargin: true }, more);
  }

  /* ---- matrices ---- */

  /* Viridis (van der Walt & Smith 2015) from its light end. */
  const scale = ["#fde725", "#b5de2b", "#6ece58", "#35b779", "#1f9e89", "#26828e", "#31688e", "#3e4989", "#482878", "#440154"];

  /* Black or white, whichever is read more easily on the colour at a share of the scale (WCAG 2.1, relative
   * luminance). */
  function inkOn(share) {
    const at = Math.max(0, Math.min(1, share)) * (scale.length - 1);
    const low = Math.min(Math.floor(at), scale.length - 2);
    const luminance = [1, 3, 5].reduce(function (sum, k, i) {
      const ends = [scale[low], scale[low + 1]].map((colour) => parseInt(colour.slice(k, k + 2), 16) / 255);
      const value = ends[0] + (at - low) * (ends[1] - ends[0]);
      const linear = value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
      return sum + [0.2126, 0.7152, 0.0722][i] * linear;
    }, 0);
    return luminance > 0.179 ? "#000000" : "#ffffff";
  }

  /* The numbers in the cells. */
  function labelCells(table, largest) {
    const label = { type: "scatter", mode: "text", x: [], y: [], text: [], textfont: { color: [] }, hoverinfo: "skip",
                    showlegend: false, cliponaxis: false };
    table.rows.forEach(function (row, i) {
      row.forEach(function (value, j) {
        label.x.push(j);
        label.y.push(i);
        label.text.push(round(value));
        label.textfont.color.push(value === null ? "#000000" : inkOn(value / largest));
      });
    });
    return label;
  }

  function drawMatrix(chart, table) {
    const unit = table.units[0] || "";
    const small = table.labels.length * table.columns.length <= 400;
    const least = 130 + (small && table.columns.length > 6 ? 34 : 16) * table.columns.length;
    const hover = table.rows.map(function (row, i) {
      return row.map(function (value, j) {
        return plain(table.labels[i]) + " \u2192 " + plain(table.columns[j]) + "<br><b>" +
          (value === null ? "no value" : value + (unit ? " " + unit : "")) + "</b>";
      });
    });
    const largest = table.rows.flat().reduce((most, value) => Math.max(most, value === null ? 0 : value), 0) || 1;
    show(chart, table.title + (unit ? " (" + unit + ")" : ""), table.notes, [{
      type: "heatmap",
      z: table.rows,
      hovertext: hover,
      hoverinfo: "text",
      colorscale: scale.map((colour, k) => [k / (scale.length - 1), colour]),
      zmin: 0,
      zmax: largest,
      xgap: 1,
      ygap: 1,
      /* Where each cell has its number, a phone needs no scale. */
      showscale: !(phone.matches && small),
      colorbar: { title: { text: unit }, thickness: phone.matches ? 12 : 24 }
    }].concat(small ? [labelCells(table, largest)] : []), {
      height: Math.max(320, Math.min(1400, 160 + 34 * table.labels.length)),
      /* Positions instead of names on the axes: two groups may bear the same label. */
      xaxis: axis("Target", { tickvals: table.columns.map((_, j) => j), ticktext: table.columns.map(short),
                              range: [-0.5, table.columns.length - 0.5], showgrid: false, zeroline: false }),
      yaxis: axis("Source", { tickvals: table.labels.map((_, i) => i), ticktext: table.labels.map(short),
                              range: [table.labels.length - 0.5, -0.5], showgrid: false, zeroline: false })
    }, least);
  }

  function showMatrices() {
    const chart = data.matrices.length > 0 ? prepare("matrices", draw) : null;
    if (!chart) {
      return;
    }
    const kind = addChoice(chart, "Show", data.matrices.map((table) => table.title));
    function draw() {
      drawMatrix(chart, data.matrices[Number(kind.value)]);
    }
    draw();
  }

  /* ---- tables of one row a block and bin ---- */

  /* [{label, rows}] of the blocks (source, target), in their order. */
  function blocksOf(table) {
    const blocks = new Map();
    table.rows.forEach(function (row) {
      const key = JSON.stringify([row[0], row[1]]);
      if (!blocks.has(key)) {
        blocks.set(key, { label: row[0] + " \u2192 " + row[1], rows: [] });
      }
      blocks.get(key).rows.push(row);
    });
    return Array.from(blocks.values());
  }

  /* A choice of table and one of block, first the one whose rows have the largest sum of `weight`; `drawBlock` draws
   * the two. */
  function showBlocks(name, label, tables, weight, drawBlock) {
    const usable = tables.filter((table) => table.rows.length > 0);
    const chart = usable.length > 0 ? prepare(name, draw) : null;
    if (!chart) {
      return;
    }
    const blocks = usable.map(blocksOf);
    const labels = blocks[0].map((block) => block.label);
    const kind = usable.length > 1 ? addChoice(chart, label, usable.map(titleOf)) : null;
    const which = addChoice(chart, "Connections", labels);
    const sums = blocks[0].map((block) => block.rows.reduce((sum, row) => sum + weight(row), 0));
    which.value = String(sums.indexOf(Math.max.apply(null, sums)));
    function draw() {
      const k = kind ? Number(kind.value) : 0;
      const wanted = labels[Number(which.value)];
      const block = blocks[k].find((each) => each.label === wanted) || { label: wanted, rows: [] };
      drawBlock(chart, usable[k], block);
    }
    draw();
  }

  /* What a table is of, with the unit of its bins. */
  function titleOf(table) {
    return table.title + (table.units[2] ? " (" + table.units[2] + ")" : "");
  }

  function drawHistogram(chart, table, block) {
    const amount = table.columns[4];
    const bins = block.rows.length;
    /* One or two bars alone would fill the chart. */
    const beside = bins > 0 && bins < 3 ? 2 * (block.rows[0][3] - block.rows[0][2]) : 0;
    const range = beside > 0 ? [block.rows[0][2] - beside, block.rows[bins - 1][3] + beside] : undefined;
    show(chart, block.label, table.notes, [{
      type: "bar",
      x: block.rows.map((row) => (row[2] + row[3]) / 2),
      y: block.rows.map((row) => row[4]),
      width: block.rows.map((row) => row[3] - row[2]),
      hovertext: block.rows.map((row) => row[2] + " to " + row[3] + "<br><b>" + row[4] + " " + plain(amount) + "</b>"),
      hoverinfo: "text",
      marker: { color: palette[0], line: { color: "#ffffff", width: 0.5 } }
    }], { height: 380, bargap: 0, xaxis: axis(titleOf(table), { range: range }), yaxis: axis(amount, { rangemode: "tozero" }) });
  }

  function drawProbability(chart, table, block) {
    const rows = block.rows.filter((row) => row[6] !== null);
    show(chart, block.label, table.notes, [{
      type: "scatter",
      mode: "lines+markers",
      x: rows.map((row) => (row[2] + row[3]) / 2),
      y: rows.map((row) => row[6]),
      error_y: { type: "data", symmetric: false, array: rows.map((row) => row[8] - row[6]),
                 arrayminus: rows.map((row) => row[6] - row[7]) },
      hovertext: rows.map((row) => row[2] + " to " + row[3] + " um<br><b>" + row[6] + "</b><br>" + row[5] + " of " +
        row[4] + (row[9] > 0 ? " \u00b1 " + round(row[9]) : "") + " pairs<br>95 %: " + row[7] + " to " + row[8]),
      hoverinfo: "text",
      marker: { color: palette[0], size: 8 }
    }], { height: 380, xaxis: axis("Distance (um)"), yaxis: axis("Connection probability", { rangemode: "tozero" }) });
  }

  /* ---- positions ---- */

  function canDrawSolid() {
    try {
      return document.createElement("canvas").getContext("webgl") !== null;
    } catch (error) {
      return false;
    }
  }

  /* The cells of each group, as traces in three dimensions or, without z, in two. */
  function traceCells(places, solid) {
    return places.groups.map(function (name, g) {
      const cells = [];
      places.group.forEach(function (group, i) {
        if (group === g) {
          cells.push(i);
        }
      });
      const trace = {
        type: solid ? "scatter3d" : "scatter",
        mode: "markers",
        name: plain(name),
        x: cells.map((i) => places.x[i]),
        y: cells.map((i) => places.y[i]),
        hovertext: cells.map((i) => plain(name) + "<br>node " + places.id[i] + "<br>" + places.x[i] + ", " +
          places.y[i] + ", " + places.z[i] + " um"),
        hoverinfo: "text",
        marker: { size: solid ? 3 : 5, color: palette[g % palette.length] }
      };
      return solid ? Object.assign(trace, { z: cells.map((i) => places.z[i]) }) : trace;
    }).filter((trace) => trace.x.length > 0);
  }

  /* Buttons do what the mouse does: the cells turn about the vertical axis, or tip. */
  function addTurns(chart) {
    const angle = Math.PI / 12;
    function turn(around, up) {
      const eye = chart.plot.layout.scene.camera ? chart.plot.layout.scene.camera.eye : { x: 1.25, y: 1.25, z: 1.25 };
      const far = Math.hypot(eye.x, eye.y, eye.z);
      const azimuth = Math.atan2(eye.y, eye.x) + around;
      const most = Math.PI / 2 - 0.01;
      const height = Math.max(-most, Math.min(most, Math.asin(eye.z / far) + up));
      Plotly.relayout(chart.plot, { "scene.camera.eye": {
        x: far * Math.cos(height) * Math.cos(azimuth),
        y: far * Math.cos(height) * Math.sin(azimuth),
        z: far * Math.sin(height)
      } });
    }
    addButton(chart, "Turn left", () => turn(-angle, 0));
    addButton(chart, "Turn right", () => turn(angle, 0));
    addButton(chart, "Tip up", () => turn(0, angle));
    addButton(chart, "Tip down", () => turn(0, -angle));
    addButton(chart, "As at first", () => Plotly.relayout(chart.plot, { "scene.camera.eye": { x: 1.25, y: 1.25, z: 1.25 } }));
  }

  function showPositions() {
    const places = data.positions;
    const chart = places ? prepare("positions", draw) : null;
    if (!chart) {
      return;
    }
    const solid = canDrawSolid();
    const traces = traceCells(places, solid);
    if (solid) {
      addTurns(chart);
    }
    function draw() {
      const before = chart.plot.layout && chart.plot.layout.scene ? chart.plot.layout.scene.camera : undefined;
      const wanted = {
        height: phone.matches ? 420 : 560,
        showlegend: true,
        legend: { orientation: "h", itemsizing: "constant" },
        dragmode: solid ? "turntable" : phone.matches ? false : "zoom"
      };
      if (solid) {
        wanted.scene = { aspectmode: "data", xaxis: { title: { text: "x (um)" } }, yaxis: { title: { text: "y (um)" } },
                         zaxis: { title: { text: "z (um)" } }, camera: before };
      } else {
        wanted.xaxis = axis("x (um)");
        wanted.yaxis = axis("y (um)", { scaleanchor: "x" });
      }
      show(chart, "Cells in space", solid ? [] : ["From above: this browser draws nothing in three dimensions."], traces,
           wanted);
    }
    draw();
  }

  showMatrices();
  showBlocks("degrees", "Show", data.degrees, (row) => row[4] * (row[2] + row[3]) / 2, drawHistogram);
  showBlocks("probability", "", data.probability ? [data.probability] : [], (row) => row[5], drawProbability);
  showBlocks("properties", "Show", data.properties, (row) => row[4], drawHistogram);
  showPositions();

  /* ---- other screens, and paper ---- */

  phone.addEventListener("change", () => charts.forEach((chart) => chart.draw()));

  /* On paper matrices are open (tables of bins would fill pages), and charts are as wide as it is. */
  const opened = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.paper:not([open])").forEach(function (each) {
      each.open = true;
      opened.push(each);
    });
    charts.forEach(function (chart) {
      chart.plot.style.minWidth = "";
      Plotly.relayout(chart.plot, { width: paperWidth });
    });
  });
  window.addEventListener("afterprint", function () {
    opened.splice(0).forEach(function (each) { each.open = false; });
    charts.forEach(function (chart) { chart.draw(); });
  });
}());
