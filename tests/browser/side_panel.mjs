// The edit screen around the text: the panel with its parts, and what stays in sight.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { beside, inspect, leaveTo, picture, test, url, violations, visual, write } from './browser.mjs';

const { context, page } = ada;
const part = name => page.getByRole('tabpanel', { name, exact: true });
const shown = () => page.getByRole('tab', { selected: true }).allInnerTexts();
const publish = page.locator('.title-bar').getByRole('button', { name: /^Publish/ });

async function open(words = 'recognition') {
  await page.goto(`${url}/admin/pages?q=${words}`);
  await page.locator('tbody a').first().click();
  await visual(page).waitFor();
}

// How far things have moved since the page was loaded, without anyone touching it.
const shifts = () => page.evaluate(() => new Promise(resolve => {
  let sum = 0;
  const observer = new PerformanceObserver(list => list.getEntries().forEach(shift => { sum += shift.hadRecentInput ? 0 : shift.value; }));
  observer.observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))));
}));

test('the panel beside the text remembers its part and whether it is open, and nothing jumps', async () => {
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
  await open();
  assert.deepEqual(await shown(), ['Preview']);
  for (const name of ['Details', 'More']) {
    await beside(page, name);
    assert.deepEqual(await shown(), [name]);
    if (name === 'Details') assert.deepEqual(await inspect(page), []);
    await page.reload();
    await visual(page).waitFor();
    assert.deepEqual(await shown(), [name]);
    assert.ok(await shifts() < 0.01, `${await shifts()}`);
  }
  const width = async () => (await page.locator('.editor-main').boundingBox()).width;
  const narrow = await width();
  await page.getByRole('button', { name: 'Hide', exact: true }).click();
  assert.equal(await page.getByRole('tabpanel').count(), 0);
  assert.ok(await width() > narrow);
  assert.deepEqual(await inspect(page), []);
  await page.reload();
  await visual(page).waitFor();
  assert.equal(await page.getByRole('tabpanel').count(), 0);
  assert.ok(await shifts() < 0.01, `${await shifts()}`);
  await picture(page, 'side-panel-closed');
  await beside(page, 'Preview');
  await part('Preview').waitFor();
});

test('the parts of the panel are chosen with the keyboard alone', async () => {
  await open();
  await page.getByRole('tab', { name: 'Preview' }).focus();
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual(await shown(), ['Details']);
  await page.keyboard.press('End');
  assert.deepEqual(await shown(), ['More']);
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await shown(), ['Details']);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Details');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Hide');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-note');
  // Hidden, the arrows choose without opening.
  await page.getByRole('button', { name: 'Hide', exact: true }).press('Enter');
  await page.getByRole('tab', { name: 'Details' }).focus();
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await shown(), []);
  await page.keyboard.press('Enter');
  assert.deepEqual(await shown(), ['Preview']);
});

test('an error in a field of the panel shows it, and so does a link to the field', async () => {
  await open();
  await page.getByRole('button', { name: 'Hide', exact: true }).click();
  await page.locator('#field-slug').evaluate(field => { field.value = 'No Good!'; });
  await write(page, 'A text.');
  await page.locator('.title-bar').getByRole('button', { name: 'Save' }).click();
  await page.locator('.error-summary').waitFor();
  assert.deepEqual(await shown(), ['Details']);
  await beside(page, 'Preview');
  await page.locator('.error-summary a').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-slug');
  await page.locator('#field-slug').fill('recognition');
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('what saves and publishes stays at its place, however far the text is scrolled', async () => {
  await open('clause');
  await visual(page).focus();
  const before = await publish.boundingBox();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(Array.from({ length: 30 }, (_, line) => `Line ${line}.`).join('\n'));
  await page.waitForFunction(() => scrollY > 400);
  const after = await publish.boundingBox();
  assert.ok(after.y >= 0 && after.y <= before.y, `${after.y}`);
  assert.equal(await publish.evaluate(button => {
    const { x, y, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  }), true);
  await picture(page, 'scrolled');
  await page.locator('button[data-draft-discard]').click();
  await page.getByRole('status').filter({ hasText: 'discarded' }).first().waitFor();
});

test('on a phone the parts are within reach at every place in the text, and open over it', async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await open('clause');
  const inView = locator => locator.evaluate(element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return y >= 0 && y + height <= innerHeight && element.contains(document.elementFromPoint(x + width / 2, y + Math.min(height / 2, 20)));
  });
  assert.deepEqual(await shown(), [], 'the text comes first');
  const details = page.getByRole('tab', { name: 'Details', exact: true });
  assert.ok(await inView(details));
  await details.click();
  await part('Details').waitFor();
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.locator('#field-note').scrollIntoViewIfNeeded();
  assert.ok(await inView(page.locator('#field-note')));
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    assert.deepEqual(await violations(page), []);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await picture(page, 'side-panel-phone');
  await page.locator('#field-note').press('Escape');
  assert.deepEqual(await shown(), []);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Details');
  for (const name of ['Preview', 'More']) {
    await beside(page, name);
    await part(name).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
    await picture(page, `side-panel-phone-${name}`);
  }
  // A user who goes back to the text sees it.
  await visual(page).focus();
  assert.deepEqual(await shown(), []);
  await page.setViewportSize({ width: 1280, height: 900 });
  await part('More').waitFor();
});

test('without a script every part follows the text', async () => {
  const plain = await context.browser().newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const screen = await plain.newPage();
  await screen.goto(page.url());
  for (const name of ['Details', 'Preview', 'More']) {
    await screen.getByRole('link', { name, exact: true }).click();
    await screen.getByRole('heading', { level: 2, name, exact: true }).waitFor();
  }
  assert.equal(await screen.locator('#field-note').isVisible(), true);
  await screen.locator('#field-body').fill('Plainly typed.');
  await screen.getByRole('button', { name: 'Show in the preview' }).click();
  await screen.frameLocator('iframe[name=preview]').getByText('Plainly typed.').waitFor();
  await plain.close();
});
