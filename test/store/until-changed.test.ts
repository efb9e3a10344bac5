import test from 'ava';
import { Changes } from '../../src/store/changes.js';
import { UntilChanged } from '../../src/store/until-changed.js';

/** Values that are read when they are let go. */
function reader() {
  const waiting: ((value: string) => void)[] = [];
  return { read: () => new Promise<string>((resolve) => waiting.push(resolve)), waiting };
}

test('a look that began before a change is not kept', async (t) => {
  const changes = new Changes();
  const { read, waiting } = reader();
  const kept = new UntilChanged({ changes }, ['tokens', 'rules'], read);
  const first = kept.get();
  changes.publish({ topic: 'rules' });
  waiting[0]!('old');
  t.is(await first, 'old');
  const second = kept.get();
  waiting[1]!('new');
  t.is(await second, 'new');
  t.is(kept.get(), 'new');
  changes.publish({ topic: 'tokens' });
  t.true(kept.get() instanceof Promise);
});

test('nothing is kept as well as something', async (t) => {
  const changes = new Changes();
  const kept = new UntilChanged({ changes }, ['rules'], () => Promise.resolve(undefined));
  t.true(kept.get() instanceof Promise);
  await kept.get();
  t.is(kept.get(), undefined);
});
