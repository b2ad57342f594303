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

test('titles and chosen filters can be read, and nothing covers what is done with ticked rows', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${url}/admin/pages?state=draft`);
  const select = page.getByLabel('Status', { exact: true });
  const whole = await select.evaluate(select => {
    const probe = Object.assign(document.createElement('span'), { textContent: select.selectedOptions[0].textContent });
    Object.assign(probe.style, { font: getComputedStyle(select).font, position: 'absolute', whiteSpace: 'nowrap' });
    document.body.append(probe);
    const words = probe.getBoundingClientRect().width;
    probe.remove();
    return select.clientWidth - words;
  });
  assert.ok(whole >= 16, `the chosen filter has ${whole} px more than its words`);
  await page.goto(`${url}/admin/pages`);
  const title = await page.locator('.tree tbody th').first().evaluate(cell => cell.getBoundingClientRect().width);
  assert.ok(title >= 270, `a title has ${title} px`);

  await page.setViewportSize({ width: 320, height: 700 });
  await page.locator('.tree tbody input[type=checkbox]').first().check();
  const isFree = await page.locator('#_bulk button').first().evaluate(button => {
    const { left, top, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  assert.ok(isFree, 'the button is in sight, and nothing is over it');
  await page.setViewportSize({ width: 1280, height: 900 });
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
  // The list is drawn again, with a notice of its own, when the server has made the move.
  await page.locator('.flash').evaluate(flash => flash.remove());
  await page.getByRole('button', { name: /^Move .* up$/ }).first().click();
  await page.locator('.flash.success').waitFor();
  assert.deepEqual(await questions(), before);
  await context.setOffline(true);
  try {
    await page.getByRole('button', { name: /^Move .* down$/ }).first().click();
    await page.getByRole('status').filter({ hasText: 'Not moved.' }).waitFor();
    assert.deepEqual(await questions(), before);
    assert.equal(await spoken.textContent(), '');
    assert.equal(await page.locator('.flash').count(), 0);
  } finally {
    await context.setOffline(false);
  }
});

test('what is pressed while a move is being made is a move too', async () => {
  const { page } = ada;
  await page.goto(`${url}/admin/faq`);
  const list = page.locator('[data-sortable]').first();
  const order = () => list.locator('[data-id]').evaluateAll(rows => rows.map(row => row.dataset.id));
  const moved = () => page.waitForResponse(response => response.request().method() === 'POST');
  const [id, second, third, ...others] = await order();
  const press = name => list.locator(`[data-id="${id}"]`).getByRole('button', { name }).click();
  let goOn;
  const isMade = new Promise(resolve => { goOn = resolve; });
  const asked = new Promise(resolve => page.route('**/position', async route => {
    resolve();
    await isMade;
    await route.continue();
  }, { times: 1 }));
  await press(/^Move .* down$/);
  await asked;
  await press(/^Move .* down$/);
  const first = moved();
  goOn();
  await first;
  await moved();
  await page.reload();
  assert.deepEqual(await order(), [second, third, id, ...others]);
  const back = moved();
  await press(/^Move .* up$/);
  await press(/^Move .* up$/);
  await back;
  await page.locator('.flash.success').waitFor();
  assert.deepEqual(await order(), [id, second, third, ...others]);
});
