import type { MessageContent } from '../../channels/channel.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Result } from '../../core/result.ts';
import type { StandingTemplate } from './edit-templates.service.ts';
import type { InvalidTemplate } from './template.ts';
import { demandsOf, variable, variablesOf, type VariableName } from './variables.ts';

export function templateView({ kind, locale, texts, original, changedAt }: StandingTemplate) {
  return {
    __typename: 'MessageTemplate' as const,
    ...{ kind, locale, texts, original, changedAt },
    variables: variablesOf(kind).map(variableView),
    textNeeds: needsView(kind, 'text'),
    shortNeeds: needsView(kind, 'short'),
  };
}

export function setTemplateAnswer(result: Result<StandingTemplate, InvalidTemplate>) {
  return result.ok ? templateView(result.value) : invalidView(result.error);
}

export function previewAnswer(result: Result<MessageContent, InvalidTemplate>) {
  if (!result.ok) return invalidView(result.error);
  const { title, text, short, fields } = result.value;
  return {
    __typename: 'MessagePreview' as const,
    ...{ title, text, short },
    fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
  };
}

function invalidView({ code, problems }: InvalidTemplate) {
  const message = 'Nothing was changed: the texts have problems.';
  return { __typename: 'InvalidTemplate' as const, code, message, problems };
}

function variableView(name: VariableName) {
  const { type, isAlwaysThere, choices, meaning } = variable(name)!;
  return { name, isAlwaysThere, isCount: type === 'count', choices: choices ?? [], meaning };
}

const needsView = (kind: MessageKind, part: 'text' | 'short') =>
  demandsOf(kind, part).map((anyOf) => ({ anyOf }));
