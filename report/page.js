/* page.js: draws the charts of the page from the numbers in it. */
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("report-data").textContent);
  /* Okabe & Ito 2008: told apart by people with any colour vision. */
  const palette = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#f0e442", "#000000"];
  const options = { responsive: true, displaylogo: false };
  const drawn = [];

  /* Plotly reads a little HTML in its texts; names come from files and are shown as they are. */
  function plain(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  /* A labelled choice; its value is the number of the item. */
  function addChoice(controls, label, items, onChange) {
    const wrapper = document.createElement("label");
    const select = document.createElement("select");
    wrapper.append(label + " ");
    items.forEach(function (text, i) {
      const option = document.createElement("option");
      option.value = String(i);
      option.textContent = text;
      select.append(option);
    });
    select.addEventListener("change", onChange);
    wrapper.append(select);
    controls.append(wrapper);
    return select;
  }

  function prepare(name) {
    const chart = document.getElementById("chart-" + name);
    if (!chart) {
      return null;
    }
    const controls = document.createElement("div");
    const plot = document.createElement("div");
    controls.className = "controls";
    plot.className = "plot";
    plot.id = "plot-" + name;
    chart.replaceChildren(controls, plot);
    drawn.push(plot);
    return { controls: controls, plot: plot };
  }

  function layout(title, x, y, more) {
    return Object.assign({
      title: { text: plain(title), font: { size: 16 } },
      font: { family: '"DejaVu Sans", Verdana, sans-serif', size: 13, color: "#202020" },
      xaxis: { title: { text: plain(x) }, automargin: true },
      yaxis: { title: { text: plain(y) }, automargin: true },
      margin: { t: 50, r: 20 },
      colorway: palette
    }, more);
  }

  function round(value) {
    return value === null ? "" : String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  }

  /* ---- matrices ---- */

  function drawMatrix(plot, table) {
    const unit = table.units[0] || "";
    const small = table.labels.length * table.columns.length <= 400;
    const hover = table.rows.map(function (row, i) {
      return row.map(function (value, j) {
        return plain(table.labels[i]) + " \u2192 " + plain(table.columns[j]) + "<br><b>" +
          (value === null ? "no value" : value + (unit ? " " + unit : "")) + "</b>";
      });
    });
    /* Positions instead of names on the axes: two groups may bear the same label. */
    const size = Math.max(360, Math.min(1400, 160 + 34 * table.labels.length));
    Plotly.react(plot, [{
      type: "heatmap",
      z: table.rows,
      text: table.rows.map(function (row) { return row.map(round); }),
      texttemplate: small ? "%{text}" : "",
      hovertext: hover,
      hoverinfo: "text",
      colorscale: "Viridis",
      reversescale: true,
      zmin: 0,
      xgap: 1,
      ygap: 1,
      colorbar: { title: { text: unit } }
    }], layout(table.title + (unit ? " (" + unit + ")" : ""), "Target", "Source", {
      height: size,
      xaxis: { title: { text: "Target" }, automargin: true, tickvals: table.columns.map((_, j) => j),
               ticktext: table.columns.map(plain), showgrid: false, zeroline: false },
      yaxis: { title: { text: "Source" }, automargin: true, tickvals: table.labels.map((_, i) => i),
               ticktext: table.labels.map(plain), autorange: "reversed", showgrid: false, zeroline: false }
    }), options);
  }

  function showMatrices() {
    const chart = prepare("matrices");
    if (!chart || data.matrices.length === 0) {
      return;
    }
    const kind = addChoice(chart.controls, "Show", data.matrices.map((table) => table.title), draw);
    function draw() {
      drawMatrix(chart.plot, data.matrices[Number(kind.value)]);
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
    const chart = prepare(name);
    const usable = tables.filter((table) => table.rows.length > 0);
    if (!chart || usable.length === 0) {
      return;
    }
    const blocks = usable.map(blocksOf);
    const labels = blocks[0].map((block) => block.label);
    const kind = usable.length > 1 ? addChoice(chart.controls, label, usable.map((table) => table.name), draw) : null;
    const which = addChoice(chart.controls, "Connections", labels, draw);
    const sums = blocks[0].map((block) => block.rows.reduce((sum, row) => sum + weight(row), 0));
    which.value = String(sums.indexOf(Math.max.apply(null, sums)));
    function draw() {
      const k = kind ? Number(kind.value) : 0;
      const wanted = labels[Number(which.value)];
      const block = blocks[k].find((each) => each.label === wanted) || { label: wanted, rows: [] };
      drawBlock(chart.plot, usable[k], block);
    }
    draw();
  }

  function drawHistogram(plot, table, block) {
    const amount = table.columns[4];
    Plotly.react(plot, [{
      type: "bar",
      x: block.rows.map((row) => (row[2] + row[3]) / 2),
      y: block.rows.map((row) => row[4]),
      width: block.rows.map((row) => row[3] - row[2]),
      hovertext: block.rows.map((row) => row[2] + " to " + row[3] + "<br><b>" + row[4] + " " + plain(amount) + "</b>"),
      hoverinfo: "text",
      marker: { color: palette[0], line: { color: "#ffffff", width: 0.5 } }
    }], layout(block.label, table.name, amount, { height: 380, bargap: 0 }), options);
  }

  function drawProbability(plot, table, block) {
    const rows = block.rows.filter((row) => row[6] !== null);
    Plotly.react(plot, [{
      type: "scatter",
      mode: "lines+markers",
      x: rows.map((row) => (row[2] + row[3]) / 2),
      y: rows.map((row) => row[6]),
      error_y: { type: "data", symmetric: false, array: rows.map((row) => row[8] - row[6]),
                 arrayminus: rows.map((row) => row[6] - row[7]) },
      hovertext: rows.map((row) => row[2] + " to " + row[3] + " um<br><b>" + row[6] + "</b><br>" + row[5] + " of " +
        row[4] + " pairs<br>95 %: " + row[7] + " to " + row[8]),
      hoverinfo: "text",
      marker: { color: palette[0], size: 8 }
    }], layout(block.label, "Distance (um)", "Connection probability", {
      height: 380,
      yaxis: { title: { text: "Connection probability" }, rangemode: "tozero", automargin: true }
    }), options);
  }

  /* ---- positions ---- */

  function canDrawSolid() {
    try {
      return document.createElement("canvas").getContext("webgl") !== null;
    } catch (error) {
      return false;
    }
  }

  function showPositions() {
    const chart = data.positions ? prepare("positions") : null;
    if (!chart) {
      return;
    }
    const places = data.positions;
    const solid = canDrawSolid();
    const traces = places.groups.map(function (name, g) {
      const cells = [];
      places.group.forEach(function (group, i) {
        if (group === g) {
          cells.push(i);
        }
      });
      return {
        type: solid ? "scatter3d" : "scatter",
        mode: "markers",
        name: plain(name),
        x: cells.map((i) => places.x[i]),
        y: cells.map((i) => places.y[i]),
        z: cells.map((i) => places.z[i]),
        hovertext: cells.map((i) => plain(name) + "<br>node " + places.id[i] + "<br>" + places.x[i] + ", " +
          places.y[i] + ", " + places.z[i] + " um"),
        hoverinfo: "text",
        marker: { size: solid ? 3 : 5, color: palette[g % palette.length] }
      };
    }).filter((trace) => trace.x.length > 0);
    const wanted = layout("", "x (um)", "y (um)", {
      height: 560,
      showlegend: true,
      legend: { orientation: "h", itemsizing: "constant" },
      scene: { aspectmode: "data", xaxis: { title: { text: "x (um)" } }, yaxis: { title: { text: "y (um)" } },
               zaxis: { title: { text: "z (um)" } } }
    });
    if (!solid) {
      traces.forEach((trace) => delete trace.z);
      wanted.title.text = "From above: this browser draws nothing in three dimensions";
      wanted.yaxis.scaleanchor = "x";
    }
    Plotly.react(chart.plot, traces, wanted, options);
  }

  showMatrices();
  showBlocks("degrees", "Show", data.degrees, (row) => row[4] * (row[2] + row[3]) / 2, drawHistogram);
  showBlocks("probability", "", data.probability ? [data.probability] : [], (row) => row[5], drawProbability);
  showBlocks("properties", "Show", data.properties, (row) => row[4], drawHistogram);
  showPositions();

  /* On paper everything is open, and charts are as wide as it is. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (each) { each.open = true; });
    drawn.forEach(function (plot) { if (plot.data) { Plotly.Plots.resize(plot); } });
  });
}());
