// Practice questions: one at a time and as a mock examination, by keyboard, with a script and without.
import assert from 'node:assert/strict';
import { inspect, openBrowser, test, url } from './browser.mjs';

const PAGE = `${url}/training/practice-questions`;
const QUESTIONS = 40;

// Follows a link or presses a button by keyboard.
async function press(page, role, name) {
  await page.getByRole(role, { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

// Chooses the first option of every question; Tab goes from one to the next.
async function answerAll(page) {
  await page.locator('fieldset').first().locator('input').first().focus();
  for (let question = 1; question <= QUESTIONS; question += 1) {
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
  }
  assert.equal(await page.locator('input:checked').count(), QUESTIONS);
}

async function readsResult(page) {
  await page.waitForURL('**exam=*&marked=yes&*');
  const [, right] = (await page.getByRole('heading', { name: /passed: \d+ of 40 right/i }).innerText()).match(/(\d+) of 40/);
  const missed = await page.locator('.missed article').count();
  assert.equal(Number(right) + missed, QUESTIONS, 'what is not right is explained');
  const cells = await page.locator('main table tbody td').allInnerTexts();
  const sum = (offset) => cells.filter((_, at) => at % 2 === offset).reduce((all, cell) => all + Number(cell), 0);
  assert.deepEqual([sum(0), sum(1)], [Number(right), QUESTIONS]);
}

// Nothing of the visitor is kept.
async function keepsNothing({ context, page }) {
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
}

test('a mock examination is taken by keyboard, and its time is told', async () => {
  const visitor = await openBrowser();
  const { page } = visitor;
  await page.clock.install();
  await page.goto(PAGE);
  await press(page, 'link', 'Paper 1');
  await page.waitForURL('**?exam=1');
  const clock = page.locator('[data-clock]');
  await clock.getByText('60 minutes left.').first().waitFor();
  const said = clock.getByRole('status');
  assert.equal(await said.textContent(), '');
  await page.clock.fastForward('50:00');
  assert.equal(await said.textContent(), '10 minutes left.');
  await page.clock.fastForward('09:00');
  assert.equal(await said.textContent(), '1 minute left.');
  await press(page, 'button', 'Hide the time');
  assert.equal(await clock.locator('[data-time]').isVisible(), false);
  await answerAll(page);
  await clock.getByText(`${QUESTIONS} of ${QUESTIONS} answered.`).waitFor();

  // Leaving asks first.
  const asked = page.waitForEvent('dialog');
  const leaving = press(page, 'link', 'Leave the examination');
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await leaving;
  assert.equal(await page.locator('input:checked').count(), QUESTIONS);

  await page.clock.fastForward('02:00');
  assert.equal(await said.textContent(), 'The time is over. You can still finish.');
  await press(page, 'button', 'Finish and see the result');
  await readsResult(page);
  assert.deepEqual(await inspect(page), []);
  await keepsNothing(visitor);
  await visitor.leave();
});

test('an examination and single questions need no script', async () => {
  const visitor = await openBrowser({ javaScriptEnabled: false });
  const { context, page } = visitor;
  await page.goto(PAGE);
  await press(page, 'link', 'Paper 2');
  await page.waitForURL('**?exam=2');
  assert.equal(await page.locator('[data-clock]').isVisible(), false);
  await answerAll(page);
  await press(page, 'button', 'Finish and see the result');
  await readsResult(page);

  await page.goto(PAGE);
  await press(page, 'link', 'Begin with the first question');
  await page.waitForURL('**?question=*');
  const first = new URL(page.url()).searchParams.get('question');
  await page.locator('input[value=B]').focus();
  await page.keyboard.press('Space');
  await press(page, 'button', 'Check the answer');
  await page.waitForURL('**choice=B*');
  assert.match(await page.locator('#_verdict').innerText(), /^(Right|Not right)$/);
  await page.getByText(/^Right answer: [A-D]\.$/).waitFor();
  await page.locator('.onward a.primary').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(address => address.searchParams.has('question') && address.searchParams.get('question') !== first);
  await page.getByText(/question 2 of\s+\d+/).waitFor();
  assert.deepEqual(await context.cookies(), []);
  await visitor.leave();
});

test('axe finds nothing while one practises', async () => {
  const visitor = await openBrowser();
  const found = [];
  const one = 'question=contents-of-an-sla';
  for (const query of ['area=assurance', one, `${one}&choice=A`, 'exam=1']) {
    found.push(...await inspect(visitor.page, `/training/practice-questions?${query}`));
  }
  assert.deepEqual(found, []);
  await visitor.leave();
});
