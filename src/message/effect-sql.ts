// A rule writes into a database that the administrator listed, once.

import { HookError } from '../hooks/errors.js';
import type { Effect } from '../store/tables.js';
import type { Came, EffectServices } from './effect-deeds.js';
import type { SqlEffect } from './effect-rows.js';

export async function executeStatement(services: EffectServices, { document }: Effect): Promise<Came> {
  const { connection: name, pieces, parameters } = document as unknown as SqlEffect;
  const { sqlConnections } = services.store.settings.current.rules;
  const listed = sqlConnections.find((connection) => connection.name === name);
  if (!listed) return { state: 'failed', error: `no connection is listed as ${name}` };
  try {
    await services.statements.execute(listed, { pieces, parameters });
    return { state: 'done' };
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    if (error.code === 'NO_DATABASE') return { state: 'again', error: error.message };
    return { state: error.code === 'STATEMENT_UNKNOWN' ? 'unknown' : 'failed', error: error.message };
  }
}
