export { FollowPolicy } from './follow-policy.ts';
export { PolicyModule } from './policy.module.ts';
