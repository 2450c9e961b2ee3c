// A line for each journey, as tools/suite.py counts them; why one failed stands before its line.
import { inspect } from 'node:util';

const words_of = (error) => inspect(error?.cause ?? error, { depth: 3, breakLength: 100 });

export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const took = `${Math.round(data.details.duration_ms)} ms`;
    if (data.skip !== undefined) yield `SKIP ${data.name}\n`;
    else if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed')
      yield `${words_of(data.details.error)}\nFAIL ${data.name} ${took}\n`;
    else if (type === 'test:pass' && data.details.type !== 'suite')
      yield `ok ${data.name} ${took}\n`;
  }
}
