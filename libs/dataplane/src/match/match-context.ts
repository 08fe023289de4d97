import { HostView } from './host-matcher.ts';
import type { MatchInput } from './match-input.ts';
import { PathViews } from './path-view.ts';

/** What the predicates of one router look at; refilled for every request, so that matching allocates little. */
export class MatchContext {
  request!: MatchInput;
  readonly path = new PathViews();
  readonly host = new HostView();
  /** Counts requests: a draw is valid for one. */
  serial = 0;

  reset(request: MatchInput): void {
    this.request = request;
    this.path.reset(request.path);
    this.host.reset(request.authority);
    this.serial++;
  }
}
