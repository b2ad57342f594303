// Checks while writing: each finding leads to its place with the keyboard alone, and what would harm visitors is not published.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { field, inspect, leaveTo, picture, test, url, visual, writeMarkdown } from './browser.mjs';

const { page } = ada;
const list = page.locator('[data-checks]');
const key = async (...keys) => { for (const one of keys) await page.keyboard.press(one); };
const before = 'Words that come before. '.repeat(4);
const TEXT = `${`${before}\n\n`.repeat(30)}A [gone](/nowhere/gone) link.\n\n${before}`;

// From the list of findings to the first of them.
async function openFirst() {
  await list.locator('summary').focus();
  if (!await list.evaluate(details => details.open)) await key('Enter');
  await key('Tab', 'Enter');
}

test('a finding leads to its place, in both ways to write', async () => {
  await leaveTo(page, `${url}/admin/pages/new`);
  await page.locator('#field-title').fill('Checked while it is written');
  await page.locator('#field-summary').fill('What the checks say.');
  await writeMarkdown(page, TEXT);
  await list.getByText('1 to correct').waitFor();
  assert.deepEqual(await inspect(page), []);
  await openFirst();
  await page.waitForFunction(() => document.activeElement.classList.contains('editor-text') && String(getSelection()) === 'gone');
  const isSeen = await page.evaluate(() => {
    const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect();
    return top > 0 && bottom < innerHeight;
  });
  assert.ok(isSeen, 'the place is on the screen');
  await picture(page, 'checks');

  await page.getByRole('button', { name: 'Markdown', exact: true }).press('Enter');
  await openFirst();
  const selected = await field(page).evaluate(area => document.activeElement === area && area.value.slice(area.selectionStart, area.selectionEnd));
  assert.equal(selected, '[gone](/nowhere/gone)');
});

test('what would harm visitors is refused with a link to its place', async () => {
  await page.locator('.title-bar').getByRole('button', { name: /^Publish/ }).press('Enter');
  const summary = page.locator('[data-error-summary]');
  await summary.getByText('This link leads nowhere: /nowhere/gone').waitFor();
  assert.equal((await fetch(`${url}/checked-while-it-is-written`)).status, 404);
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute('data-error-summary')), true);
  await key('Tab', 'Enter');
  assert.equal(await field(page).evaluate(area => area.value.slice(area.selectionStart, area.selectionEnd)), '[gone](/nowhere/gone)');
  await page.keyboard.type('[FAQ](/faq)');
  await list.getByText('to correct').waitFor({ state: 'detached' });
  assert.deepEqual(await inspect(page), []);
  await key('Control+Enter');
  await page.waitForURL('**/publication');
  await key('Control+Enter');
  await page.locator('.flash').filter({ hasText: 'is published' }).waitFor();
  assert.match(await (await fetch(`${url}/checked-while-it-is-written`)).text(), /href="\/faq">FAQ</);
  await page.getByRole('button', { name: 'Visual', exact: true }).press('Enter');
});
