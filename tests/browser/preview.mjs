// The preview beside the text: how soon it shows what is typed, and that it goes where the text is.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { beside, field, inspect, leaveTo, picture, test, url, visual, writeMarkdown } from './browser.mjs';

const { page } = ada;
const preview = page.frameLocator('iframe[name=preview]');
const TIMES = 15;

async function fresh(text) {
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${url}/admin/pages/new`);
  await visual(page).waitFor();
  await beside(page, 'Preview');
  await writeMarkdown(page, text);
  await preview.getByText('The end.').waitFor();
}

// How long it takes from the last key to its sign in the preview.
const delay = sign => page.evaluate(sign => new Promise(resolve => {
  const frame = document.querySelector('iframe[name=preview]');
  const look = () => (frame.contentDocument.body.textContent.includes(sign) ? resolve(performance.now() - window.lastKey) : setTimeout(look, 2));
  look();
}), sign);

const median = numbers => numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

test('the preview shows each key soon after it', async context => {
  await fresh(`${Array.from({ length: 60 }, (_, n) => `Paragraph ${n} of a page of usual length, with *some* words and [a link](/faq).`).join('\n\n')}\n\nThe end.`);
  await visual(page).focus();
  await page.keyboard.press('Control+End');
  await page.evaluate(() => addEventListener('keydown', () => { window.lastKey = performance.now(); }, true));
  const delays = [];
  for (let n = 0; n < TIMES; n++) {
    await page.keyboard.type('x');
    delays.push(await delay(`The end.${'x'.repeat(n + 1)}`));
  }
  const found = Math.round(median(delays));
  console.log(`From a key to the preview: ${found} ms (median of ${TIMES}; at most ${Math.round(delays.at(-1))} ms).`);
  context.diagnostic(`from a key to the preview: ${found} ms`);
  assert.ok(found < 3000, `${found} ms`);
});

// Whether words are within the frame, and where, from 0 at its top to 1 at its foot.
const placeOf = words => page.locator('iframe[name=preview]').evaluate((frame, words) => {
  const block = [...frame.contentDocument.querySelectorAll('[data-sourcepos]')].findLast(found => found.textContent.includes(words));
  return block.getBoundingClientRect().top / frame.contentWindow.innerHeight;
}, words);
const isInSight = words => page.waitForFunction(words => {
  const frame = document.querySelector('iframe[name=preview]');
  const block = [...frame.contentDocument.querySelectorAll('[data-sourcepos]')].findLast(found => found.textContent.includes(words));
  const place = block.getBoundingClientRect().top / frame.contentWindow.innerHeight;
  return place >= 0 && place < 0.8;
}, words);

test('the preview goes where the caret is, and where the text is scrolled to', async () => {
  await fresh(`${Array.from({ length: 120 }, (_, n) => (n % 10 ? `Paragraph ${n}.` : `## Part ${n / 10}`)).join('\n\n')}\n\nThe end.`);
  await visual(page).focus();
  await page.keyboard.press('Control+Home');
  await isInSight('Paragraph 1.');
  assert.ok(await placeOf('Paragraph 99.') > 1);
  await visual(page).getByText('Paragraph 99.').click();
  await isInSight('Paragraph 99.');
  await page.keyboard.press('Control+Home');
  await isInSight('Paragraph 1.');
  await page.waitForTimeout(600);
  await visual(page).getByText('Paragraph 55.').evaluate(block => scrollTo({ top: scrollY + block.getBoundingClientRect().top - 200, behavior: 'instant' }));
  await isInSight('Paragraph 55.');
  // The same for those who write Markdown.
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await field(page).evaluate(area => {
    const at = area.value.indexOf('Paragraph 77.');
    area.setSelectionRange(at, at);
  });
  await isInSight('Paragraph 77.');
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('the width of the preview is remembered', async () => {
  await fresh('The end.');
  await page.getByLabel('Tablet').check();
  await page.reload();
  assert.equal(await page.getByLabel('Tablet').isChecked(), true);
  await page.locator('.preview-sizes').getByLabel('Desktop').check();
});

test('what is typed while the preview is not shown is there when it is', async () => {
  await fresh('The end.');
  await beside(page, 'Details');
  await visual(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' And after it.');
  await beside(page, 'Preview');
  await preview.getByText('The end. And after it.').waitFor();
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('the whole site is looked at with what is typed, and one comes back to editing', async () => {
  await page.goto(`${url}/admin/pages?q=recognition`);
  await page.locator('tbody a').first().click();
  await visual(page).waitFor();
  const edit = new URL(page.url()).pathname;
  // There may be a draft from before, so its sentence says nothing of this one.
  const kept = page.waitForResponse(response => response.url().endsWith(`${edit}/draft`) && response.ok());
  await page.locator('#field-title').fill('Recognition, drafted');
  await kept;
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'The whole site with your drafts' }).click();
  const site = await opened;
  await site.getByRole('heading', { level: 1, name: 'Recognition, drafted' }).waitFor();
  assert.deepEqual(await inspect(site), []);
  await site.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link').last().click();
  await site.getByText('This page: version 1, live.').waitFor();
  await site.getByRole('link', { name: 'Recognition, drafted' }).first().click();
  await site.getByText('This page: your draft.').waitFor();
  assert.match(site.url(), /\/admin\/preview\/scheme\//);
  await picture(site, 'whole-site-with-drafts');
  await site.getByRole('link', { name: 'Back to editing' }).click();
  await visual(site).waitFor();
  assert.equal(new URL(site.url()).pathname, edit);
  await site.locator('button[data-draft-discard]').click();
  await site.getByRole('status').filter({ hasText: 'discarded' }).first().waitFor();
  await site.close();
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});
