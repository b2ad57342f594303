// Lists on a laptop: one line a row, and enough of them in sight to work with.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { test, url } from './browser.mjs';

const LINE = 44;
const IN_SIGHT = 15;

test('a laptop shows at least fifteen rows of a list, each in one line', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 1366, height: 768 });
  for (const path of ['/admin/pages?q=a', '/admin/faq', '/admin/audit-log']) {
    await page.goto(url + path);
    const rows = await page.locator('.listing tbody tr').evaluateAll(rows => rows.map(row => {
      const { height, bottom } = row.getBoundingClientRect();
      return { height, bottom, isGroup: row.matches('.group') };
    }));
    const tall = rows.filter(row => !row.isGroup && row.height > LINE + 1);
    assert.deepEqual(tall, [], `${path} has rows of more than one line`);
    const inSight = rows.filter(row => row.bottom <= 768).length;
    assert.ok(inSight >= IN_SIGHT, `${path} shows ${inSight} rows`);
  }
});

test('the full time of a row shows on hover and on focus', async () => {
  const { page } = ada;
  await page.goto(`${url}/admin/pages`);
  const row = page.locator('.listing tbody tr').first();
  const opacity = () => row.locator('.short-time .full').evaluate(full => getComputedStyle(full).opacity);
  assert.equal(await opacity(), '0');
  await row.locator('.short-time').hover();
  assert.equal(await opacity(), '1');
  await page.locator('h1').hover();
  assert.equal(await opacity(), '0');
  await row.locator('a').first().focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await opacity(), '1');
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('a row that cannot be moved goes back, and the list says so', async () => {
  const { page, context } = ada;
  await page.goto(`${url}/admin/faq`);
  const questions = () => page.locator('[data-sortable]').first().locator('th a').allInnerTexts();
  const before = await questions();
  // An earlier move, which this one must not seem to repeat.
  const spoken = page.locator('p.visually-hidden[role=status]');
  const row = page.locator('[data-sortable]').first().locator('[data-id]').first();
  const moved = page.waitForResponse(response => response.request().method() === 'POST');
  await row.getByRole('button', { name: /^Move .* down$/ }).click();
  await moved;
  await spoken.filter({ hasText: 'is now at position' }).waitFor({ state: 'attached' });
  await page.locator('.flash.success').waitFor();
  const back = page.waitForResponse(response => response.request().method() === 'POST');
  await page.getByRole('button', { name: /^Move .* up$/ }).first().click();
  await back;
  await page.waitForFunction(([first]) => document.querySelector('[data-sortable] th a').innerText === first, before);
  await context.setOffline(true);
  await page.getByRole('button', { name: /^Move .* down$/ }).first().click();
  await page.getByRole('status').filter({ hasText: 'Not moved.' }).waitFor();
  assert.deepEqual(await questions(), before);
  assert.equal(await spoken.textContent(), '');
  assert.equal(await page.locator('.flash').count(), 0);
  await context.setOffline(false);
});
