// A real browser for the suite: Chromium with a fresh profile, and pages that notice what must never happen:
// a script error, a violation of the content security policy, a request to anyone else.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, test as run } from 'node:test';
import { chromium } from 'playwright-core';

export const url = process.env.PLINTH_URL;
export const setupLink = process.env.PLINTH_SETUP_LINK;
const axe = createRequire(import.meta.url).resolve('axe-core');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const browser = await chromium.launch({ executablePath: process.env.PLINTH_CHROMIUM, args });
after(() => browser.close());

// Whatever keeps the suite from its end, the browser that it started would keep it running for ever.
const LONGEST_MS = (25 + Number(process.env.PLINTH_CHAOS ?? 0)) * 60_000;
setTimeout(() => {
  console.error(`The suite has not ended within ${LONGEST_MS / 60_000} minutes.`);
  process.exit(1);
}, LONGEST_MS).unref();

// How many times slower than it is the machine should seem to the pages.
const SLOWER = Number(process.env.PLINTH_SLOWER ?? 0);

// Four times what the slowest test takes. A test that waits for what never comes must not hold up the others for long, and
// when several have failed, the rest would only wait for what those did not do.
const LIMIT_MS = 300_000;
const MOST_FAILURES = 3;
let failed = 0;

// A test of the suite; the pages that are open when it fails are named.
export function test(name, act) {
  run(name, { timeout: LIMIT_MS }, async context => {
    if (failed >= MOST_FAILURES) return context.skip(`${MOST_FAILURES} tests have failed before this one`);
    failed += 1;
    try {
      await act(context);
      failed -= 1;
    } catch (error) {
      await describePages(name);
      throw error;
    }
  });
}

// Where the test was, for those who have only the report.
async function describePages(name) {
  for (const page of browser.contexts().flatMap(context => context.pages())) {
    const words = await page.locator('main').innerText({ timeout: 2000 }).catch(() => 'no main element');
    console.log(`"${name}" failed at ${page.url()}: ${words.slice(0, 600)}`);
    await picture(page, `failed-${name.slice(0, 40).replace(/\W+/g, '-')}`).catch(() => {});
  }
}

// Someone with a browser of their own.
export async function openBrowser(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(45_000);
  const faults = [];
  context.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('about:')) faults.push(`asked ${request.url()}`);
  });
  context.on('weberror', error => faults.push(`script error: ${error.error()}`));
  context.on('console', message => {
    // A 4xx answer is printed as an error by the browser; those are expected where a test asks for them.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) faults.push(message.text());
  });
  if (SLOWER) context.on('page', slowDown);
  const page = await context.newPage();
  return { context, page, faults, leave: async () => { await context.close(); assert.deepEqual(faults, []); } };
}

async function slowDown(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

// What axe objects to on the page as it is, in words.
export async function violations(page) {
  if (!await page.evaluate(() => Boolean(window.axe))) {
    // Through the debugger, since the policy of the portal lets no foreign script in.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(axe, 'utf8'));
  }
  // What is behind an open sheet can neither be read nor used.
  const result = await page.evaluate(() => window.axe.run(document.querySelector('dialog[open]') ?? document,
    { iframes: false, resultTypes: ['violations'] }));
  return result.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`);
}

// Axe in light and dark, at 320 and 1280 px; and nothing may be wider than the screen.
export async function inspect(page, path) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    // Colours that fade from one scheme into the other have no contrast on the way.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      if (path !== undefined) await page.goto(url + path);
      const shownAt = `${path ?? page.url()} (${colorScheme}, ${width} px)`;
      for (const violation of await violations(page)) found.push(`${shownAt}: ${violation}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) found.push(`${shownAt}: is ${wide} px wide because of ${await beyond(page, width)}`);
    }
  }
  // Back to light at once, so that nothing fades while the next test looks at it.
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 900 });
  return found;
}

// The innermost elements that reach beyond the screen.
async function beyond(page, width) {
  return page.evaluate(edge => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > edge + 1 && ![...e.children].some(c => c.getBoundingClientRect().right > edge + 1))
    .map(e => `<${e.tagName.toLowerCase()} class="${e.className}">${e.textContent.trim().slice(0, 60)}`).slice(0, 3).join(' and '), width);
}

// Opens another page, whatever is not saved on this one.
export async function leaveTo(page, address) {
  const accept = dialog => dialog.accept();
  page.on('dialog', accept);
  await page.goto(address);
  page.off('dialog', accept);
}

// The text of a document as most users write it, and the field that it goes into.
export const visual = page => page.locator('.editor-text');
export const field = page => page.locator('textarea[name=body]');

// Types over the whole text.
export async function write(page, words) {
  await visual(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
}

// Writes the text as Markdown, and comes back.
export async function writeMarkdown(page, text) {
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await field(page).fill(text);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
}

// Shows a part of the panel beside the text.
export const beside = (page, name) => page.getByRole('tab', { name, exact: true }).click();

// From the form of a document to what visitors see: the button, and what the sheet says.
export async function publish(page) {
  await page.locator('.title-bar').getByRole('button', { name: /^Publish/ }).click();
  await page.locator('.sheet [data-sheet-buttons] button.primary').click();
  await page.locator('.flash').filter({ hasText: 'is published' }).waitFor();
}

export async function picture(page, name) {
  if (process.env.PLINTH_PICTURES) await page.screenshot({ path: `${process.env.PLINTH_PICTURES}/${name}.png` });
}
