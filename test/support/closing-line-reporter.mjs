/** Says in one line, last of all, what ran. */
export default class ClosingLineReporter {
  onRunComplete(
    _contexts,
    { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, numTodoTests, wasInterrupted },
  ) {
    // A suite that could not even be loaded has run no test, and must not look like success.
    const failed = numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0);
    const skipped = numPendingTests + numTodoTests;
    this.line = `${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    if (!wasInterrupted) process.on('exit', () => console.log(this.line));
  }
}
