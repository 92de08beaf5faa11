import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';

import { CONFIG, type Config } from '../../platform/config/config.ts';
import { Access, CurrentCaller } from '../../platform/signin/access.ts';
import type { Caller, CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { AccountDesk } from './account-desk.service.ts';
import type { ChannelAccountInput } from './account-input.ts';
import { accountAnswer, addressAnswer, addressView } from './accounts.view.ts';
import { channelView, checkAnswer, linkAnswer, refusalView } from './accounts.view.ts';
import { OwnAddresses } from './own-addresses.service.ts';
import type { ChannelAddressInput, LinkChannelInput } from './own-addresses.service.ts';
import type { AccountName } from './receipts.ts';
import { SetAccount } from './set-account.service.ts';

@Resolver()
@Access('hq')
export class AccountsResolver {
  constructor(
    private readonly desk: AccountDesk,
    private readonly setting: SetAccount,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query('channels')
  async channels() {
    const channels = await this.desk.all();
    return channels.map((one) => channelView(one, this.config.PUBLIC_URL));
  }

  @Mutation('setChannelAccount')
  async setChannelAccount(@Args('input') input: ChannelAccountInput) {
    const result = await this.setting.run(input);
    if (!result.ok) return refusalView(result.error);
    const seen = await this.desk.one(input.channel, input.account);
    return accountAnswer(seen, this.config.PUBLIC_URL);
  }

  @Mutation('disableChannelAccount')
  async disableChannelAccount(@Args() { channel, account }: AccountName) {
    const seen = await this.desk.disable(channel, account);
    return accountAnswer(seen, this.config.PUBLIC_URL);
  }

  @Mutation('verifyChannelAccount')
  async verifyChannelAccount(@Args() { channel, account }: AccountName) {
    return checkAnswer(await this.desk.verify(channel, account));
  }
}

@Resolver()
@Access('customer')
export class AddressesResolver {
  constructor(private readonly addresses: OwnAddresses) {}

  @Query('myChannelAddresses')
  async myChannelAddresses(@CurrentCaller() caller: Caller) {
    return (await this.addresses.of(caller as CustomerCaller)).map(addressView);
  }

  @Mutation('linkChannel')
  @Access('customer', 'staff', 'hq')
  async linkChannel(@Args('input') input: LinkChannelInput, @CurrentCaller() caller: Caller) {
    return linkAnswer(input, await this.addresses.link(input, caller as SignedInCaller));
  }

  @Mutation('setMyChannelAddress')
  async setMyChannelAddress(
    @Args('input') input: ChannelAddressInput,
    @CurrentCaller() caller: Caller,
  ) {
    return addressAnswer(await this.addresses.set(input, caller as CustomerCaller));
  }

  @Mutation('removeMyChannelAddress')
  removeMyChannelAddress(@Args() name: AccountName, @CurrentCaller() caller: Caller) {
    return this.addresses.remove(name, caller as CustomerCaller);
  }
}
