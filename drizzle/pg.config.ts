export default { dialect: 'postgresql', schema: './src/store/tables.pg.ts', out: './drizzle/pg' };
