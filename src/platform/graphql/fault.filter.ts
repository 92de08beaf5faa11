import { Catch, type ExceptionFilter } from '@nestjs/common';

/**
 * Hands everything thrown in a resolver or guard on to GraphQL as it is. Nest would log it first, also
 * what the caller did wrong; `answerableError` logs faults of ours, once, and nothing else.
 */
@Catch()
export class FaultFilter implements ExceptionFilter {
  catch(fault: unknown): unknown {
    return fault;
  }
}
