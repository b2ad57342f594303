// The menus of the site.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, openBrowser, picture, test, url } from './browser.mjs';

const { page } = ada;
const order = page.locator('#_order-main tr');
const labels = () => order.evaluateAll(rows => rows.map(row => row.dataset.name));
const flash = text => page.locator('.flash').filter({ hasText: text }).waitFor();

async function shown() {
  const visitor = await openBrowser();
  await visitor.page.goto(url);
  const menu = await visitor.page.locator('nav.menu li').allTextContents();
  await visitor.leave();
  return menu.map(label => label.trim());
}

test('the main menu is put in order with the keyboard, and visitors see it', async () => {
  await leaveTo(page, `${url}/admin/menu`);
  assert.deepEqual(await inspect(page), []);
  const before = await labels();
  const down = order.first().getByRole('button', { name: / down$/ });
  await down.focus();
  const moved = page.waitForResponse(response => response.url().endsWith('/position'));
  await page.keyboard.press('Enter');
  await moved;
  await page.waitForFunction(name => document.querySelector('#_order-main tr').dataset.name === name, before[1]);
  await page.waitForFunction(name => document.activeElement.closest('tr')?.dataset.name === name, before[0]);
  await flash('has moved to its new place');
  assert.deepEqual((await shown()).slice(0, 2), [before[1], before[0]]);
  await page.locator('.flash').getByRole('button', { name: 'Undo' }).click();
  await page.waitForFunction(name => document.querySelector('#_order-main tr').dataset.name === name, before[0]);
  assert.deepEqual(await labels(), before);
});

test('an address elsewhere is added, hidden and removed', async () => {
  await page.getByRole('link', { name: /^Add an entry ?: Main menu$/ }).click();
  await page.getByLabel('Leads to').fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Add to the menu' }).click();
  await page.getByText('There is a problem').waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Leads to').fill('https://elsewhere.example/');
  await page.getByLabel('Label').fill('Elsewhere');
  await page.getByRole('button', { name: 'Add to the menu' }).click();
  await flash('was added');
  await picture(page, 'menu');
  assert.ok((await shown()).includes('Elsewhere'));
  await page.getByRole('button', { name: /^Hide ?: Elsewhere$/ }).click();
  await flash('is hidden now');
  assert.ok(!(await shown()).includes('Elsewhere'));
  await page.getByRole('button', { name: /^Remove ?: Elsewhere$/ }).click();
  await flash('is not in the menu any more');
});
