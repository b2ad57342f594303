// The tree of pages: unfolds in place, with the keyboard too; rows are dragged below others; several are changed at once.
import assert from 'node:assert/strict';
import { ada } from './administrator.mjs';
import { inspect, test, url } from './browser.mjs';

const { page } = ada;
const row = name => page.locator(`#_order tr[data-name="${name}"]`);
const notice = words => page.locator('.flash').filter({ hasText: words });
const focused = () => page.evaluate(() => document.activeElement.closest('tr')?.dataset.name);
const focusIs = name => page.waitForFunction(name => document.activeElement.closest('tr')?.dataset.name === name, name);

test('a page unfolds in place, by click and by the arrow keys', async () => {
  await page.goto(`${url}/admin/pages`);
  await page.evaluate(() => { window.stays = true; });
  await row('The Certification Scheme').getByRole('link', { name: /^Pages below/ }).click();
  await page.locator('#_order tr[data-level="2"]').first().waitFor();
  assert.match(page.url(), /\?open=\d+$/);
  assert.equal(await page.evaluate(() => window.stays), true, 'the screen was not loaded again');
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-expanded') === 'true');
  await row('The Certification Scheme').locator('th a').last().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.activeElement.closest('tr')?.dataset.level === '2');
  await page.keyboard.press('ArrowLeft');
  await focusIs('The Certification Scheme');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => !document.querySelector('#_order tr[data-level="2"]'));
  assert.equal(await focused(), 'The Certification Scheme');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement.closest('tr')?.dataset.name !== 'The Certification Scheme');
  await page.keyboard.press('ArrowUp');
  await focusIs('The Certification Scheme');
});

test('a page is dragged below another, and that is undone from the notice', async () => {
  await page.goto(`${url}/admin/pages`);
  const name = 'How to contact the portal';
  const before = await page.locator('#_order tr[data-id]').evaluateAll(rows => rows.map(row => row.dataset.name));
  assert.ok(before.includes(name) && before.includes('Training'), before.join());
  await row(name).scrollIntoViewIfNeeded();
  const handle = await row(name).locator('.handle').boundingBox();
  const onto = await row('Training').boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(onto.x + 100, onto.y + onto.height / 2 + 3, { steps: 6 });
  await page.mouse.move(onto.x + 100, onto.y + onto.height / 2);
  await page.locator('.drop-onto[data-name="Training"]').waitFor();
  await page.mouse.up();
  await notice('is now at /training/').waitFor();
  await row(name).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await notice('is back in its old place').waitFor();
  const after = await page.locator('#_order tr[data-id]').evaluateAll(rows => rows.map(row => row.dataset.name));
  assert.deepEqual(after, before);
});

test('several pages are ticked, moved to the trash and brought back', async () => {
  await page.goto(`${url}/admin/pages`);
  const names = ['Training', 'How to contact the portal'];
  for (const name of names) await row(name).getByRole('checkbox').check();
  await page.getByText('2 ticked').waitFor();
  // Ticks stay when the tree unfolds.
  await row('The Certification Scheme').getByRole('link', { name: /^Pages below/ }).click();
  await page.locator('#_order tr[data-level="2"]').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('#_order :checked').length === 2);
  await page.getByRole('button', { name: 'Move to trash' }).click();
  await page.getByRole('heading', { level: 1, name: 'Move pages to the trash' }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: /^Move \d+ pages to the trash$/ }).click();
  await notice(/Moved \d+ pages to the trash/).waitFor();
  assert.match(page.url(), /\?open=\d+$/, 'the tree is open as it was');
  await page.getByRole('button', { name: 'Undo' }).click();
  await notice('are back where they were').waitFor();
  await row('Training').waitFor();
});

test('all rows are ticked at once, and a range with the shift key', async () => {
  await page.goto(`${url}/admin/faq`);
  const count = await page.locator('input[form=_bulk]').count();
  await page.getByRole('checkbox', { name: 'Tick all rows' }).check();
  await page.getByText(`${count} ticked`).waitFor();
  await page.getByRole('checkbox', { name: 'Tick all rows' }).uncheck();
  await page.locator('input[form=_bulk]').nth(1).check();
  await page.locator('input[form=_bulk]').nth(3).click({ modifiers: ['Shift'] });
  await page.getByText('3 ticked').waitFor();
});

test('a question is dragged to another category', async () => {
  await page.goto(`${url}/admin/faq`);
  const lists = page.locator('[data-sortable]');
  const moved = await lists.first().locator('[data-id]').last().getAttribute('data-name');
  const question = page.locator(`[data-sortable] [data-name="${moved}"]`);
  const category = await lists.nth(1).getAttribute('data-parent');
  await question.scrollIntoViewIfNeeded();
  const handle = await question.locator('.handle').boundingBox();
  const first = await lists.nth(1).locator('[data-id]').first().boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(first.x + 100, first.y + first.height - 4, { steps: 6 });
  await page.mouse.move(first.x + 100, first.y + first.height - 3);
  await page.waitForFunction(([name, parent]) =>
    document.querySelector(`[data-name="${name}"]`).parentElement.dataset.parent === parent, [moved, category]);
  await page.mouse.up();
  await notice('has moved to its new place').waitFor();
  await page.locator(`[data-sortable][data-parent="${category}"] [data-name="${moved}"]`).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await notice('is back in its old place').waitFor();
  assert.equal(await lists.first().locator('[data-id]').last().getAttribute('data-name'), moved);
});
