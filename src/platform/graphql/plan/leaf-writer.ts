import { GraphQLID, GraphQLInt, GraphQLString, type GraphQLLeafType } from 'graphql';

/** @throws if the value is none of the type's */
export type LeafWriter = (value: unknown) => unknown;

/** Writes values of `type` as its `serialize` does; what most values are at once. */
export function leafWriter(type: GraphQLLeafType): LeafWriter {
  const general: LeafWriter = (value) => {
    const written = type.serialize(value);
    if (written == null) throw new Error(`${type.name} wrote nothing for a ${typeof value}`);
    return written;
  };
  if (type === GraphQLString || type === GraphQLID) {
    return (value) => (typeof value === 'string' ? value : general(value));
  }
  if (type === GraphQLInt) {
    // `| 0` keeps whole numbers of 32 bits, which are those that Int has, and changes all others.
    return (value) => (typeof value === 'number' && (value | 0) === value ? value : general(value));
  }
  return general;
}
