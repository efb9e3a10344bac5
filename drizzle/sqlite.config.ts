export default { dialect: 'sqlite', schema: './src/store/tables.sqlite.ts', out: './drizzle/sqlite' };
