/** A changing operation: its name, and how it is asked for. */
export interface Operation {
  readonly field: string;
  readonly query: string;
  /** It carries a request key. */
  readonly hasKey: boolean;
}

const REFUSED = '... on Refusal { code message }';
const VISIT = 'id kind start end status store { code }';
const PLAN = 'readyBy earliestPickUp { start } steps { kind fromCode toCode start end by }';
const ORDER = `id ticketCode status version dropOff { ${VISIT} } pickUp { ${VISIT} }
  items { description serviceCodes pairs } promise { ${PLAN} }`;
const ENTRY = `id number kind visitKind state dueAt goesFirst
  place { peopleAhead wait { fromMinutes likelyMinutes toMinutes } }`;
const RECEIPT = `... on Receipt { order { ${ORDER} } pairs { tag number item } }`;
const FINDING = `... on Finding { id state decideBy }`;

function changing(field: string, input: string, selection: string): Operation {
  const query = `mutation ($input: ${input}!) {
    ${field}(input: $input) { __typename ${selection} ${REFUSED} }
  }`;
  return { field, query, hasKey: true };
}

/** Idempotent by what it names. */
const saying = (field: string): Operation => ({
  ...changing(field, 'TripCallInput', ''),
  hasKey: false,
});

const ofEntry = (field: string) =>
  changing(field, 'QueueEntryInput', `... on QueueEntry { ${ENTRY} }`);

/** All that is done to the chain by those who work there and those who come. */
export const OPERATIONS = {
  book: changing('bookOrder', 'BookOrderInput', `... on Order { ${ORDER} }`),
  move: changing('moveAppointment', 'MoveAppointmentInput', `... on Order { ${ORDER} }`),
  cancel: changing('cancelOrder', 'CancelOrderInput', `... on Order { ${ORDER} }`),
  choosePickUp: changing('choosePickUp', 'ChoosePickUpInput', `... on Order { ${ORDER} }`),
  checkIn: changing('checkIn', 'CheckInInput', `... on QueueEntry { ${ENTRY} }`),
  joinQueue: changing('joinQueue', 'JoinQueueInput', `... on QueueEntry { ${ENTRY} }`),
  openDesk: changing('openDesk', 'OpenDeskInput', `... on Desk { name isOpen }`),
  closeDesk: changing('closeDesk', 'DeskInput', `... on Desk { name isOpen }`),
  callNext: changing('callNext', 'DeskInput', `... on QueueEntry { ${ENTRY} }`),
  serve: ofEntry('serve'),
  holdEntry: ofEntry('holdEntry'),
  resumeEntry: ofEntry('resumeEntry'),
  transferVisit: changing('transferVisit', 'TransferVisitInput', `... on QueueEntry { ${ENTRY} }`),
  finishVisit: ofEntry('finishVisit'),
  leaveQueue: ofEntry('leaveQueue'),
  receive: changing('receiveOrder', 'ReceiveOrderInput', RECEIPT),
  receiveWalkIn: changing('receiveWalkIn', 'ReceiveWalkInInput', RECEIPT),
  handOut: changing(
    'handOut',
    'HandOutInput',
    `... on HandedOut { order { ${ORDER} } out left } ... on HandOutStopped { problems { tag code } }`,
  ),
  scan: {
    field: 'scan',
    query: `mutation ($input: ScanBatchInput!) {
      scan(input: $input) { __typename results { id tag outcome discrepancies } }
    }`,
    hasKey: false,
  },
  arriveTrip: saying('arriveTrip'),
  departTrip: saying('departTrip'),
  rework: changing('rework', 'ReworkInput', `... on Pair { id tag }`),
  reportFinding: changing('reportFinding', 'ReportFindingInput', FINDING),
  decideFinding: changing('decideFinding', 'DecideFindingInput', FINDING),
  applyDisruption: changing('applyDisruption', 'ApplyDisruptionInput', `... on Disruption { id }`),
} as const satisfies Record<string, Operation>;

export const AVAILABILITY = `query ($storeCodes: [ID!]!, $kind: VisitKind!, $from: LocalDate!,
    $to: LocalDate!, $pairs: Int!) {
  availability(storeCodes: $storeCodes, kind: $kind, from: $from, to: $to, pairs: $pairs) {
    slots { start end }
  }
}`;

export const PROMISE = `query ($input: PromiseInput!) {
  promise(input: $input) { __typename ... on Promise { ${PLAN} } ${REFUSED} }
}`;

export const ORDER_NOW = `query ($id: ID!) {
  order(id: $id) { ${ORDER} proposals { start end } proposalsFor }
}`;

export const EXPECTED_WAIT = `query ($storeCode: ID!, $visitKind: VisitKind!, $pairs: Int!) {
  expectedWait(storeCode: $storeCode, visitKind: $visitKind, pairs: $pairs) {
    fromMinutes likelyMinutes toMinutes peopleAhead
  }
}`;

export const HAND_OUT_SHEET = `query ($ticketCode: String!, $storeCode: ID!) {
  handOutSheet(ticketCode: $ticketCode, storeCode: $storeCode) {
    isRightStore pairs { tag number shelf problem }
  }
}`;

export const PREVIEW = `query ($input: DisruptionInput!) {
  previewDisruption(input: $input) {
    __typename
    ... on DisruptionPreview { orders toldNothing toldNewPromise withoutWay } ${REFUSED}
  }
}`;

export const OPEN_FINDINGS = `query ($orderId: ID!) { findings(orderId: $orderId) { id state decideBy } }`;

export const TRIP = `query ($lineCode: ID!, $departs: DateTime!) {
  trip(lineCode: $lineCode, departs: $departs) {
    pairs { pair { tag } fromCode toCode isListed unloadedAt }
  }
}`;

export const WORK_LIST = `query ($workshopCode: ID!, $shiftStart: DateTime, $skill: String, $first: Int!) {
  workList(workshopCode: $workshopCode, shiftStart: $shiftStart, skill: $skill, first: $first) {
    pair { tag operations { position skill finishedAt } } position skill isHere isNext startedAt
  }
}`;
