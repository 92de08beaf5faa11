import { refuse } from '../../core/result.ts';

/** Why nothing was done in the line of a store. */
export interface NotInLine {
  readonly code:
    | 'ALREADY_IN_LINE'
    | 'DESK_BUSY'
    | 'DESK_CLOSED'
    | 'GOODS_NOT_READY'
    | 'NOBODY_WAITING'
    | 'UNKNOWN_DESK'
    | 'UNKNOWN_ENTRY'
    | 'UNKNOWN_ORDER'
    | 'UNKNOWN_STORE'
    | 'UNKNOWN_TICKET'
    | 'WRONG_STATUS'
    | 'WRONG_STORE';
}

export const notInLine = (code: NotInLine['code']) => refuse<NotInLine>({ code });
