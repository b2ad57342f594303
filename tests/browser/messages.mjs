// Messages: templates in answers, ticks, and the draft of a question.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, picture, test, url } from './browser.mjs';

const { page } = ada;
const flash = text => page.locator('.flash').filter({ hasText: text }).waitFor();

test('a template is put into an answer at the caret', async () => {
  await leaveTo(page, `${url}/admin/messages/templates/new`);
  await page.getByLabel('Name').fill('Thanks');
  await page.getByLabel('Text').fill('Thank you for {reference}.');
  await page.getByRole('button', { name: 'Make template' }).click();
  await flash('was created');
  assert.deepEqual(await inspect(page), []);
  await page.goto(`${url}/admin/messages?folder=all`);
  await page.locator('tbody th a').first().click();
  await page.locator('#field-answer').fill('Before. After.');
  await page.locator('#field-answer').evaluate(area => area.setSelectionRange(8, 8));
  await page.getByLabel('Answer template').selectOption({ label: 'Thanks' });
  await page.getByRole('button', { name: 'Insert' }).click();
  await page.waitForFunction(() => /^Before\. \n\nThank you for [A-Z0-9-]+\.After\.$/.test(document.querySelector('#field-answer').value));
  await picture(page, 'message');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Save the answer' }).click();
  await flash('Answer saved, not sent yet.');
  await picture(page, 'message-answered');
});

test('an answered message becomes a draft of a question', async () => {
  await page.getByRole('button', { name: 'Make a draft of a question' }).click();
  await page.waitForURL('**/admin/faq/new?draft=*');
  await flash('This is a draft of message');
  await page.waitForFunction(() => document.querySelector('#field-title').value !== '');
  await leaveTo(page, `${url}/admin/messages?folder=all`);
});

test('rows are ticked one by one or all at once', async () => {
  await page.goto(`${url}/admin/messages?folder=all`);
  const bar = page.locator('[data-ticks]');
  const archive = bar.getByRole('button', { name: 'Archive' });
  await bar.getByText('0 ticked.').waitFor();
  assert.equal(await archive.isDisabled(), true);
  await bar.getByLabel('All on this page').check();
  const rows = await page.locator('tbody input[type=checkbox]').count();
  await bar.getByText(`${rows} ticked.`).waitFor();
  await page.locator('tbody input[type=checkbox]').first().uncheck();
  await bar.getByText(`${rows - 1} ticked.`).waitFor();
  await page.waitForFunction(() => document.querySelector('[data-tick-all]').indeterminate === (document.querySelectorAll('tbody input:checked').length > 0));
  await picture(page, 'messages');
  await page.locator('tbody input[type=checkbox]').first().check();
  assert.equal(await archive.isDisabled(), false);
  await bar.getByRole('button', { name: 'Delete…' }).click();
  await page.getByText('deleted for good, with their answers').waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await bar.waitFor();
});
