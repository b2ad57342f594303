// Types of documents: making one, and the form of a field, which shows what its control uses.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, test, url } from './browser.mjs';

const { page } = ada;
const flash = text => page.locator('.flash').filter({ hasText: text }).waitFor();

test('a type is made, and the form of a field shows what its control uses', async () => {
  await leaveTo(page, `${url}/admin/types/new`);
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Name', { exact: true }).fill('Workshop');
  await page.getByRole('button', { name: 'Make the type' }).click();
  await flash('was made');
  await page.getByRole('link', { name: 'Add a field' }).click();
  await page.locator('#field-limit').waitFor();
  await page.locator('#field-options').waitFor({ state: 'hidden' });
  await page.locator('#field-label').fill('Level');
  await page.locator('#field-control').selectOption('choice');
  await page.locator('#field-limit').waitFor({ state: 'hidden' });
  await page.locator('#field-parts').waitFor({ state: 'hidden' });
  await page.locator('#field-options').fill('low\nhigh');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Add the field' }).click();
  await flash('was added');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Retire' }).click();
  await flash('is retired');
});
