// check_page.js: opens the connectivity report in a real browser, on a desk and on a phone, with mouse, keyboard and
// paper. Usage: check_page.js PLAYWRIGHT CHROMIUM PAGE STATIC_PAGE PICTURES_FOLDER
"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");

const [playwright, chromium, page, staticPage, pictures] = process.argv.slice(2);
const { chromium: browserType } = require(path.resolve(playwright));

/* Of the network that check_page.sh builds: 4 cells A, 3 cells B. */
const rows = [[5, 12], [6, 0]];
const screens = [
  { name: "desk", viewport: { width: 1280, height: 900 } },
  { name: "phone", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
];

/* Opens a page with no network; what goes wrong in it is collected. */
async function open(browser, screen, file) {
  const context = await browser.newContext({ ...screen, name: undefined, offline: true });
  const tab = await context.newPage();
  const faults = [];
  tab.on("console", (message) => {
    /* Chromium speaks of its own drawing in software, which a machine with a screen does not do. */
    if (message.type() === "error" || (message.type() === "warning" && !/WebGL|GL Driver|Canvas2D/.test(message.text()))) {
      faults.push(message.text());
    }
  });
  tab.on("pageerror", (error) => faults.push(String(error)));
  tab.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) {
      faults.push("asks for " + request.url());
    }
  });
  await tab.goto("file://" + path.resolve(file));
  return { context, tab, faults };
}

/* Nothing makes the page wider than the screen; no chart is wider than the page. */
async function checkWidth(tab, screen) {
  const size = await tab.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: window.innerWidth,
    charts: Array.from(document.querySelectorAll(".plot, figure svg, figure img"),
      (each) => each.getBoundingClientRect().right)
  }));
  assert.equal(size.page, size.window, screen.name + ": the page scrolls sideways");
  assert.ok(size.charts.length > 0);
  size.charts.forEach((right) => assert.ok(right <= size.window, screen.name + ": a chart ends at " + right));
}

async function cells(tab) {
  return tab.evaluate(() =>
    Array.from(document.querySelectorAll("#plot-matrices .textpoint"), (each) => each.textContent));
}

async function checkMatrices(tab, screen) {
  const choice = tab.getByLabel("Show", { exact: true }).first();
  assert.deepEqual(await cells(tab), rows.flat().map(String), screen.name + ": cells of the heat map");
  assert.equal(await tab.textContent("#title-matrices"), "Connections (rows)");
  /* The number under the mouse (a finger) is that of the cell. */
  const area = tab.locator("#plot-matrices .nsewdrag").first();
  await area.scrollIntoViewIfNeeded();
  const box = await area.boundingBox();
  const place = [box.x + 0.75 * box.width, box.y + 0.25 * box.height];
  if (screen.hasTouch) {
    await tab.touchscreen.tap(...place);
  } else {
    await tab.mouse.move(...place);
  }
  await tab.locator("#plot-matrices .hovertext").waitFor();
  assert.match(await tab.textContent("#plot-matrices .hovertext"), /p_A → p_B.*12/);
  /* Every kind is drawn as the numbers in the page say. */
  const kinds = await choice.locator("option").allTextContents();
  assert.ok(kinds.length >= 18, "kinds of matrices: " + kinds.length);
  for (const [i, title] of kinds.entries()) {
    await choice.selectOption(String(i));
    const found = await tab.evaluate((index) => {
      const wanted = JSON.parse(document.getElementById("report-data").textContent).matrices[index];
      return { title: document.getElementById("title-matrices").textContent,
               same: JSON.stringify(document.getElementById("plot-matrices").data[0].z) === JSON.stringify(wanted.rows) };
    }, i);
    assert.ok(found.title.startsWith(title), found.title + " instead of " + title);
    assert.ok(found.same, title + ": other numbers");
  }
}

/* Every other switch, one choice after the other. */
async function checkSwitches(tab) {
  const choices = tab.locator(".chart select");
  let turned = 0;
  for (let s = 0; s < await choices.count(); s++) {
    const choice = choices.nth(s);
    const plot = choice.locator("xpath=ancestor::div[contains(@class,'chart')]").locator(".plot");
    for (let i = 0; i < await choice.locator("option").count(); i++) {
      await choice.selectOption(String(i));
      assert.ok(await plot.evaluate((each) => each.querySelector(".main-svg") !== null));
      turned++;
    }
  }
  assert.ok(turned > 30, "switches turned: " + turned);
}

/* Without a mouse: Tab comes to the switch, which shows it, and an arrow key turns it. */
async function checkKeyboard(tab) {
  await tab.locator("#chart-matrices select").selectOption("0");
  await tab.locator("body").click({ position: { x: 2, y: 2 } });
  let focused = "";
  for (let i = 0; i < 60 && focused !== "chart-matrices"; i++) {
    await tab.keyboard.press("Tab");
    focused = await tab.evaluate(() => document.activeElement.closest(".chart") ? document.activeElement.closest(".chart").id : "");
  }
  assert.equal(focused, "chart-matrices", "Tab does not come to the switch of the matrices");
  const outline = await tab.evaluate(() => getComputedStyle(document.activeElement).outline);
  assert.match(outline, /solid 3px/, "focus cannot be seen: " + outline);
  await tab.keyboard.press("ArrowDown");
  assert.equal(await tab.textContent("#title-matrices"), "Connected pairs");
  await tab.locator("details summary").first().focus();
  await tab.keyboard.press("Enter");
  assert.ok(await tab.locator("details").first().evaluate((each) => each.open), "Enter does not open the tables");
  await tab.keyboard.press("Enter");
}

/* The buttons beside the cells in space turn them. */
async function checkSpace(tab) {
  const eye = () => tab.evaluate(() => {
    const camera = document.getElementById("plot-positions").layout.scene.camera;
    return camera ? camera.eye : { x: 1.25, y: 1.25, z: 1.25 };
  });
  if (await tab.locator("#chart-positions button").count() === 0) {
    assert.match(await tab.textContent("#chart-positions .notes"), /draws nothing in three dimensions/);
    console.log("page: this browser has no WebGL, cells are drawn from above");
    return;
  }
  const before = await eye();
  await tab.getByRole("button", { name: "Turn left" }).press("Enter");
  const turned = await eye();
  assert.ok(Math.hypot(turned.x - before.x, turned.y - before.y) > 0.1, "the button turns nothing");
  assert.ok(Math.abs(turned.z - before.z) < 1e-9);
  await tab.getByRole("button", { name: "Tip up" }).click();
  assert.ok((await eye()).z > before.z + 0.1);
  await tab.getByRole("button", { name: "As at first" }).click();
  assert.deepEqual(await eye(), before);
}

/* On paper no switch or button is left, matrices are open and charts fit; afterwards all is as before. */
async function checkPaper(tab) {
  const pdf = await tab.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await tab.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await tab.emulateMedia({ media: "print" });
  const found = await tab.evaluate(() => ({
    switches: Array.from(document.querySelectorAll(".controls, .modebar-container, summary, nav"))
      .filter((each) => each.getClientRects().length > 0).length,
    open: document.querySelector("details.paper").open,
    widest: Math.max(...Array.from(document.querySelectorAll(".plot .main-svg"), (each) => each.getBoundingClientRect().width))
  }));
  assert.equal(found.switches, 0);
  assert.ok(found.open);
  assert.ok(found.widest <= 680, "a chart is " + found.widest + " wide");
  await tab.emulateMedia({ media: null });
  await tab.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.ok(!await tab.locator("details.paper").evaluate((each) => each.open));
}

/* A window that becomes as narrow as a phone, and wide again. */
async function checkResize(tab) {
  const bars = () => tab.locator(".modebar").count();
  assert.ok(await bars() > 0);
  await tab.setViewportSize({ width: 390, height: 844 });
  await tab.waitForFunction(() => document.querySelectorAll(".modebar").length === 0);
  await tab.waitForTimeout(300);
  await checkWidth(tab, { name: "narrowed desk" });
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.waitForFunction(() => document.querySelectorAll(".modebar").length > 0);
  await tab.waitForFunction(() => document.querySelector("#plot-matrices .main-svg").getBoundingClientRect().width > 800);
}

async function checkPage(browser, screen) {
  const { context, tab, faults } = await open(browser, screen, page);
  await tab.locator("#plot-properties .main-svg").first().waitFor();
  await checkWidth(tab, screen);
  await tab.getByRole("heading", { name: "As it was built" }).waitFor();
  assert.match(await tab.getByRole("group", { name: "Edges expected and made" }).locator("tbody tr").first().textContent(),
    /edges\[0\].*pp121201201/); /* possible, expected, sd, made, deviation, p: 12 12 0 12 0 1 */
  await checkMatrices(tab, screen);
  await checkSwitches(tab);
  await checkWidth(tab, screen);
  if (screen.isMobile) {
    assert.equal(await tab.locator(".modebar").count(), 0, "Plotly's buttons lie over the charts");
  } else {
    await checkKeyboard(tab);
    await checkSpace(tab);
    await checkPaper(tab);
    await checkResize(tab);
  }
  await tab.screenshot({ path: path.join(pictures, "report-" + screen.name + ".png"), fullPage: true });
  assert.deepEqual(faults, []);
  await context.close();
}

/* Pictures instead of charts: each is there, has a name and a size, and no script runs. */
async function checkStatic(browser, screen) {
  const { context, tab, faults } = await open(browser, screen, staticPage);
  await checkWidth(tab, screen);
  const found = await tab.evaluate(() => ({
    scripts: document.scripts.length,
    figures: Array.from(document.querySelectorAll("figure"), (each) => {
      const picture = each.querySelector("svg, img");
      const name = each.getAttribute("aria-label") || picture.getAttribute("alt");
      return { name, folded: each.closest("details") !== null, width: picture.getBoundingClientRect().width,
               texts: Array.from(picture.querySelectorAll("text"), (text) => text.textContent.trim()) };
    })
  }));
  assert.equal(found.scripts, 0);
  const shown = found.figures.filter((each) => !each.folded);
  assert.ok(shown.length >= 8, "pictures: " + shown.length);
  shown.forEach((each) => {
    assert.ok(each.name, "a picture has no name");
    assert.ok(each.width > 200, each.name + " is " + each.width + " wide");
  });
  const first = shown.find((each) => each.name === "Connections (rows)");
  assert.ok(first, "no picture of the connections");
  rows.flat().forEach((number) => assert.ok(first.texts.includes(String(number)), "no " + number + " in the picture"));
  await tab.screenshot({ path: path.join(pictures, "static-" + screen.name + ".png"), fullPage: true });
  assert.deepEqual(faults, []);
  await context.close();
}

async function main() {
  const browser = await browserType.launch({ executablePath: chromium, args: ["--no-sandbox", "--enable-unsafe-swiftshader"] });
  try {
    for (const screen of screens) {
      if (page !== "none") {
        await checkPage(browser, screen);
      }
      await checkStatic(browser, screen);
    }
  } finally {
    await browser.close();
  }
}

main().then(() => console.log("page: drawn and used as it should be on a desk, a phone and paper; screenshots in " + pictures),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  });
