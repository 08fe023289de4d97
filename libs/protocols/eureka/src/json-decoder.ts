import { objectOf, readInstance, UnreadableBody, type InstanceDraft } from './instance-draft.ts';

/** `{"instance":{…}}`. Unknown keys are ignored wherever they stand. */
export function decodeJsonInstance(body: string): InstanceDraft {
  return readInstance(parseJson(body)['instance']);
}

export function parseJson(body: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(body), 'the body');
  } catch (error) {
    if (error instanceof UnreadableBody) throw error;
    throw new UnreadableBody('the body is not JSON', error);
  }
}
