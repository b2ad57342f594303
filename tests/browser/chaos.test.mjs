// Types a text while tabs, the network and the server are killed at random, and expects exactly that text at the end. As many
// runs as PLINTH_CHAOS says; a run is repeated by the number that it prints.
import assert from 'node:assert/strict';
import { kill, start } from './program.mjs';
import { has, kept, killTab, makePage, open, openBrowser, signIn, source, test, typeAtEnd, url } from './writers.mjs';

const RUNS = Number(process.env.PLINTH_CHAOS ?? 3);
const FIRST = Number(process.env.PLINTH_CHAOS_FIRST ?? 1);
const WORDS = 24;

// A small generator, so that a run is the same each time.
function randomness(seed) {
  let state = seed * 2_654_435_761;
  return most => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % most;
  };
}

const writer = await openBrowser();
await signIn(writer.page, 'ada');
const { context } = writer;

// What a kill may take: the keys of the last half second. Someone who looks at the text types them again.
async function goOn(page, before, now) {
  const found = await source(page);
  assert.ok(now.startsWith(found), `${JSON.stringify(found)} is no beginning of ${JSON.stringify(now)}`);
  assert.ok(found.length >= before.length, `${JSON.stringify(found)} is less than ${JSON.stringify(before)}`);
  await typeAtEnd(page, now.slice(found.length));
}

async function run(seed) {
  const random = randomness(seed);
  const edit = await makePage(writer.page, `Chaos ${seed}`, 'Start');
  let page = await context.newPage();
  await open(page, edit);
  let [isUp, isOnline] = [true, true];
  const comeBack = async () => {
    if (!isUp) await start();
    if (!isOnline) await context.setOffline(false);
    [isUp, isOnline] = [true, true];
  };
  let text = 'Start';
  for (let n = 0; n < WORDS; n++) {
    const before = text;
    const word = ` word${n}`;
    await typeAtEnd(page, word);
    text += word;
    switch (random(8)) {
      case 0:
        await killTab(page);
        // Nothing can be opened without a server.
        await comeBack();
        page = await context.newPage();
        await open(page, edit);
        // What comes back does so a moment after the screen is there.
        await page.waitForFunction(least => document.querySelector('textarea[name=body]').value.length >= least, before.length);
        await goOn(page, before, text);
        break;
      case 1:
        if (isUp) await kill();
        isUp = false;
        break;
      case 2:
        if (isOnline) await context.setOffline(true);
        isOnline = false;
        break;
      case 3:
        await page.close({ runBeforeUnload: false });
        await comeBack();
        page = await context.newPage();
        await open(page, edit);
        await page.waitForFunction(least => document.querySelector('textarea[name=body]').value.length >= least, before.length);
        await goOn(page, before, text);
        break;
      case 4:
      case 5:
        await comeBack();
        break;
      default:
    }
  }
  await comeBack();
  await kept(page);
  await page.close();
  // Another browser finds it on the server.
  const other = await openBrowser();
  await signIn(other.page, 'ada');
  await open(other.page, edit);
  await has(other.page, text);
  await other.page.keyboard.press('Control+s');
  await other.page.locator('.flash').filter({ hasText: 'Version 2' }).waitFor();
  assert.equal(await source(other.page), text);
  await other.leave();
}

for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
  test(`chaos ${seed} of ${FIRST + RUNS - 1} ends with exactly the typed text`, () => run(seed));
}

test('the writer saw no fault', async () => {
  await writer.page.goto(`${url}/admin`);
  await writer.leave();
});
