// What stands in To of an outgoing message.

import test from 'ava';
import fc from 'fast-check';
import { readDestination, writeDestination } from '../../src/rules/destination.js';

test('reads what is no number, no gateway and no parameter as it stands', (t) => {
  t.deepEqual(readDestination(''), { number: '', gateway: undefined, parameters: [] });
  t.deepEqual(readDestination('+1555@'), { number: '+1555', gateway: undefined, parameters: [] });
  t.deepEqual(readDestination('a@b@c'), { number: 'a', gateway: 'b@c', parameters: [] });
  t.deepEqual(readDestination('+1555&&=&x=%zz').parameters, [
    ['', ''],
    ['x', '%zz'],
  ]);
});

test('reads no more parameters than the limit', (t) => {
  t.is(readDestination(`+1555${'&a=b'.repeat(1000)}`).parameters.length, 32);
});

test('reads number, gateway and parameters', (t) => {
  t.deepEqual(readDestination('+15551234567@52&Sender=%2B15550001111&maxmsgs=3'), {
    number: '+15551234567',
    gateway: '52',
    parameters: [
      ['sender', '+15550001111'],
      ['maxmsgs', '3'],
    ],
  });
  t.deepEqual(readDestination('+15551234567?sender=4').parameters, [['sender', '4']]);
});

test('what is written is read again', (t) => {
  const word = fc.string({ unit: fc.constantFrom(...'aé09@&?=%+ .-'), minLength: 1, maxLength: 8 });
  const destination = fc.record({
    number: fc.stringMatching(/^\+?\d{2,15}$/),
    gateway: fc.option(
      word.filter((each) => each.trim() === each),
      { nil: undefined },
    ),
    parameters: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), word), { maxLength: 5 }),
  });
  t.notThrows(() => {
    fc.assert(
      fc.property(destination, (each) => {
        t.deepEqual(readDestination(writeDestination(each)), each);
      }),
    );
  });
});
