// `easms list …`: addresses that stand for several, of numbers and of people.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { fromStdin, type MemberFlags, readMembers, without } from './member-flags.js';
import { table } from './print.js';
import { addNew, deleteCommand } from './resource.js';

interface MailingList {
  readonly address: string;
  readonly members: readonly string[];
}

export function listCommand(): Command {
  return new Command('list')
    .description('mailing lists: addresses that stand for several')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(add())
    .addCommand(set())
    .addCommand(join())
    .addCommand(leave())
    .addCommand(deleteCommand({ description: 'a list', argument: '<address>', collection: ['mailing-lists'] }));
}

const whichMember =
  'anna@example.com, sms:+447700900123, or "sms:+447700900123?user=smsalerts&pass=…", at whose expense the texts are';

function list(): Command {
  return apiCommand('list', 'all mailing lists').action(async (_flags, command: Command) => {
    const lists = await listAll<MailingList>(clientOf(command), '/mailing-lists');
    const rows = lists.map(({ address, members }) => ({ address, members: members.length }));
    show(command, lists, () => table(rows, ['address', 'members']));
  });
}

function showOne(): Command {
  return apiCommand('show', 'the members of one list, without their passwords')
    .argument('<address>')
    .action(async (address: string, _flags, command: Command) => {
      showMembers(command, await clientOf(command).get<MailingList>(pathOf('mailing-lists', address)));
    });
}

function add(): Command {
  return withMembers('add', 'a new list').action(
    async (address: string, named: readonly string[], flags: MemberFlags, command: Command) => {
      const members = await readMembers(named, flags);
      const path = pathOf('mailing-lists', address);
      const made = await addNew<MailingList>(clientOf(command), path, { members });
      show(command, made, () => `${made.address} is added`);
    },
  );
}

function set(): Command {
  return withMembers('set', 'these members in place of those that are there').action(
    async (address: string, named: readonly string[], flags: MemberFlags, command: Command) => {
      await change(command, address, async () => readMembers(named, flags));
    },
  );
}

function join(): Command {
  return withMembers('join', 'these members besides those that are there').action(
    async (address: string, named: readonly string[], flags: MemberFlags, command: Command) => {
      const more = await readMembers(named, flags);
      await change(command, address, async (members) => [...members, ...more]);
    },
  );
}

function leave(): Command {
  return withMembers('leave', 'the list without these members').action(
    async (address: string, named: readonly string[], flags: MemberFlags, command: Command) => {
      const gone = await readMembers(named, flags);
      await change(command, address, async (members) => without(members, gone));
    },
  );
}

function withMembers(usage: string, description: string): Command {
  return apiCommand(usage, description)
    .argument('<address>')
    .argument('[member...]', whichMember)
    .option(...fromStdin);
}

type Change = (members: readonly string[]) => Promise<readonly string[]>;

/** A member that is written back without its password keeps it. */
async function change(command: Command, address: string, make: Change): Promise<void> {
  const api = clientOf(command);
  const path = pathOf('mailing-lists', address);
  const members = await make((await api.get<MailingList>(path)).members);
  showMembers(command, await api.patch<MailingList>(path, { members }));
}

function showMembers(command: Command, list: MailingList): void {
  show(command, list, ({ members }) => (members.length === 0 ? 'nobody' : members.join('\n')));
}
