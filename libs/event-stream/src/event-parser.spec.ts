import { EventParser, type ServerSentEvent } from './event-parser.ts';

describe('EventParser', () => {
  const text = 'retry: 1\n\n: comment\nevent: a\nid: 7\ndata: one\r\ndata:two\n\ndata: three\n\nevent: nothing\n\n';

  it.each([1, 2, 3, 7, 1_000])('reads events from pieces of %d characters', (size) => {
    const events: ServerSentEvent[] = [];
    const parser = new EventParser((event) => events.push(event));
    for (let i = 0; i < text.length; i += size) parser.push(text.slice(i, i + size));
    expect(events).toEqual([
      { event: 'a', id: '7', data: 'one\ntwo' },
      { event: 'message', id: '7', data: 'three' },
    ]);
  });
});
