// Checks by programs that nobody here wrote; each skips with a message where its program is absent.
export default {
  files: ['dist/test/peers/**/*.test.js'],
  workerThreads: false,
  timeout: '120s',
};
