// Checks while writing, and the sheet: each finding leads to its place with the keyboard alone, and what would harm visitors is
// not published.
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

// What cannot be scheduled leads to its place in the editor, in a window of its own.
async function leadFromSchedules() {
  const other = await ada.context.newPage();
  const publication = await page.locator('[data-publication]').getAttribute('data-publication');
  await other.goto(url + publication.replace('publication', 'schedules'));
  await other.getByLabel('Day').fill('2099-01-01');
  await other.getByLabel('Time').fill('08:00');
  await other.getByRole('button', { name: 'Schedule', exact: true }).press('Enter');
  const opened = other.waitForEvent('popup');
  await other.getByRole('link', { name: 'leads nowhere' }).click();
  const edit = await opened;
  await edit.waitForFunction(() => {
    const { activeElement: area } = document;
    return area?.name === 'body' && area.value.slice(area.selectionStart, area.selectionEnd) === '[gone](/nowhere/gone)';
  });
  assert.equal(new URL(edit.url()).search, '');
  await edit.close();
  await other.close();
}

test('what would harm visitors cannot be published, and the sheet leads to its place', async () => {
  await page.locator('.title-bar').getByRole('button', { name: /^Publish/ }).press('Enter');
  // A new page gets a screen of its own first.
  await page.waitForURL(/\/admin\/pages\/\d+$/);
  const sheet = page.getByRole('dialog');
  await sheet.getByText('This cannot be published yet').waitFor();
  assert.equal(await sheet.getByRole('button', { name: /^Publish/ }).isDisabled(), true);
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'sheet-refused');
  // Each link once.
  assert.equal(await sheet.getByText('leads nowhere').count(), 1);
  const isOn = words => page.evaluate(words => document.activeElement.textContent.includes(words), words);
  for (let stops = 0; stops < 10 && !await isOn('leads nowhere'); stops++) await key('Tab');
  await key('Enter');
  await sheet.waitFor({ state: 'detached' });
  const selected = () => field(page).evaluate(area => document.activeElement === area && area.value.slice(area.selectionStart, area.selectionEnd));
  assert.equal(await selected(), '[gone](/nowhere/gone)');
  await leadFromSchedules();
  await page.keyboard.type('[FAQ](/faq)');
  await list.getByText('to correct').waitFor({ state: 'detached' });
});

test('the sheet says where it will be listed, and is left with the caret where it was', async () => {
  const place = () => field(page).evaluate(area => [area.selectionStart, document.activeElement.id]);
  const before = await place();
  await key('Control+Enter');
  const sheet = page.getByRole('dialog');
  await sheet.getByText('In no menu').waitFor();
  await sheet.getByText('There is no note on the change.').waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'sheet');
  await key('Escape');
  await sheet.waitFor({ state: 'detached' });
  assert.deepEqual(await place(), before);
  assert.equal((await fetch(`${url}/checked-while-it-is-written`)).status, 404, 'nothing is published until she says so');

  await key('Control+Enter');
  await sheet.getByText('In no menu').waitFor();
  await key('Tab', 'Enter');
  await page.locator('.flash').filter({ hasText: 'is published' }).waitFor();
  await sheet.waitFor({ state: 'detached' });
  assert.deepEqual(await place(), before, 'nor does publishing move her');
  assert.match(await (await fetch(`${url}/checked-while-it-is-written`)).text(), /href="\/faq">FAQ</);
  assert.equal(await page.locator('.title-bar').getByRole('button', { name: /^Publish/ }).isDisabled(), true);
  await page.getByRole('button', { name: 'Visual', exact: true }).press('Enter');
});
