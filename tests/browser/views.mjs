// Filters of lists that are saved under a name.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, picture, test, url } from './browser.mjs';

const { page } = ada;

test('a filter is saved under a name and offered above the list', async () => {
  await leaveTo(page, `${url}/admin/pages?q=clause`);
  await page.getByText('Views', { exact: true }).click();
  await page.getByLabel('Save this filter as').fill('Clauses');
  await picture(page, 'views');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.locator('.flash').filter({ hasText: 'was saved' }).waitFor();
  await page.goto(`${url}/admin/pages`);
  await page.getByText('Views (1)').click();
  await page.getByRole('link', { name: 'Clauses', exact: true }).click();
  await page.waitForURL('**/admin/pages?q=clause');
  await page.getByText('Views (1)').click();
  await page.getByRole('button', { name: /^Remove ?: Clauses$/ }).click();
  await page.locator('.flash').filter({ hasText: 'was removed' }).waitFor();
});
