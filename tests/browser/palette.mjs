// The palette and the sheet of keys: with the keyboard alone, from every screen, and without losing what is typed.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, leaveTo, openBrowser, picture, test, url, visual } from './browser.mjs';

const { page } = ada;
const palette = page.getByRole('dialog', { name: 'Search or go to' });
const field = palette.getByRole('combobox');
const chosen = palette.locator('[role=option][aria-selected=true]');
const isAt = path => page.waitForFunction(path => location.pathname === path, path);

test('everything is found with the palette and the keyboard alone', async () => {
  await leaveTo(page, `${url}/admin/pages`);
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await palette.getByRole('option', { name: 'New page' }).waitFor();
  await picture(page, 'palette');
  assert.deepEqual(await inspect(page), []);
  await field.pressSequentially('glossary');
  await chosen.filter({ hasText: 'Glossary' }).waitFor();
  await picture(page, 'palette-found');
  assert.deepEqual(await inspect(page), []);
  const active = await field.getAttribute('aria-activedescendant');
  assert.equal(active, await chosen.getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /^\/admin\/pages\/\d+$/.test(location.pathname));
  await page.locator('h1').filter({ hasText: 'Glossary' }).waitFor();

  // What was opened last is offered first, on every other screen; the arrow keys go round.
  await leaveTo(page, `${url}/admin/calendar`);
  await page.keyboard.press('Control+k');
  await chosen.filter({ hasText: 'Glossary' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await chosen.filter({ hasText: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await chosen.filter({ hasText: 'Glossary' }).waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });

  // Typed faster than anything is shown, and by the button.
  await page.getByRole('button', { name: /^Search or go to/ }).click();
  await field.pressSequentially('new q');
  await page.keyboard.press('Enter');
  await isAt('/admin/faq/new');
});

test('the palette takes nothing away from what is typed', async () => {
  await leaveTo(page, `${url}/admin/settings`);
  await page.getByLabel('Tagline').fill('Typed and not saved');
  await page.keyboard.press('Control+k');
  await field.pressSequentially('calendar');
  await chosen.filter({ hasText: 'Calendar' }).waitFor();
  const asked = page.waitForEvent('dialog');
  // The key is only answered when the question is.
  const pressed = page.keyboard.press('Enter');
  await (await asked).dismiss();
  await pressed;
  assert.equal(await page.getByLabel('Tagline').inputValue(), 'Typed and not saved');

  // In a text it is the key of links, where something is selected.
  await leaveTo(page, `${url}/admin/pages/new`);
  await visual(page).focus();
  await page.keyboard.type('Quokka');
  await page.keyboard.press('Control+k');
  await field.waitFor();
  await page.keyboard.press('Control+k');
  await palette.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.matches('.editor-text'));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  assert.equal(await palette.count(), 0);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('the question mark opens the sheet of keys, but not while someone types', async () => {
  await leaveTo(page, `${url}/admin/pages`);
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.getByRole('searchbox').first().focus();
  await page.keyboard.type('why?');
  assert.equal(await page.getByRole('searchbox').first().inputValue(), 'why?');
  assert.equal(await sheet.count(), 0);
  await page.locator('#_main').focus();
  await page.keyboard.press('?');
  await sheet.waitFor();
  await picture(page, 'keys');
  const widths = await sheet.locator('dt').evaluateAll(all => all.map(one => one.getBoundingClientRect().width));
  assert.ok(Math.min(...widths) >= 150, `words of keys have ${Math.min(...widths)} px`);
  assert.deepEqual(await inspect(page), []);
  await sheet.getByLabel('“?” opens this sheet').uncheck();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.locator('#_main').focus();
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await sheet.getByLabel('“?” opens this sheet').check();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await sheet.waitFor({ state: 'detached' });
});

test('without a script the button leads to a screen that finds the same', async () => {
  const plain = await openBrowser({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await plain.page.goto(`${url}/admin/pages`);
  await plain.page.getByRole('search', { name: 'Search or go to' }).getByRole('button').click();
  await plain.page.getByLabel(/^Find pages/).fill('new page');
  await plain.page.getByRole('button', { name: 'Search', exact: true }).last().click();
  await plain.page.locator('main').getByRole('link', { name: 'New page' }).click();
  await plain.page.locator('#field-title').waitFor();
  await plain.leave();
});
