// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.connection.Session;

/**
 * What a server keeps for all processes, as it was read over one connection: which server it is,
 * and the {@link MemberList}. No entry and no version has their keys.
 */
final class ServerNotes {

  static final String IDENTITY = "memjcache:identity";
  static final String MEMBERS = "memjcache:servers";

  private static final int IDENTITY_BYTES = 16;
  private static final int NO_FLAGS = 0;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final OverSession over;
  private @Nullable String identity;
  private MemberList members = MemberList.EMPTY;
  private @Nullable CasToken token;

  private ServerNotes(OverSession over) {
    this.over = over;
  }

  /** Notes that a server was asked for. */
  @FunctionalInterface
  interface Asked {
    /** Waits for them. */
    ServerNotes await() throws IOException;
  }

  /** Asks for both in one round trip. */
  static Asked ask(OverSession over) {
    OverSession.Sent<GetRequest> sent = over.send(newRead());
    return () -> {
      ServerNotes notes = new ServerNotes(over);
      notes.take(sent.await());
      return notes;
    };
  }

  /** Reads both in one round trip. */
  static ServerNotes read(OverSession over) throws IOException {
    return ask(over).await();
  }

  private static GetRequest newRead() {
    return new GetRequest(List.of(IDENTITY, MEMBERS), true);
  }

  /** Returns whether they were read over a connection. */
  boolean isOver(Session session) {
    return over.isOver(session);
  }

  private void readAgain() throws IOException {
    take(over.run(newRead()));
  }

  private void take(GetRequest get) {
    Item id = get.item(0);
    Item list = get.item(1);
    identity = identityOf(id);
    token = list == null ? null : list.token();
    members = membersOf(list);
  }

  /** Returns the identity that an item is; null if there is none. */
  static @Nullable String identityOf(@Nullable Item id) {
    return id == null ? null : new String(id.data(), StandardCharsets.ISO_8859_1);
  }

  /** Returns the list that an item is; empty if it is none, or of a form that is not known. */
  static MemberList membersOf(@Nullable Item list) {
    try {
      return list == null ? MemberList.EMPTY : MemberList.parse(list.data());
    } catch (IllegalArgumentException e) {
      return MemberList.EMPTY; // what it says can't be used, and is written anew
    }
  }

  @Nullable String identity() {
    return identity;
  }

  MemberList members() {
    return members;
  }

  /** Returns the identity, added if there is none. */
  String requireIdentity() throws IOException {
    if (identity == null) {
      byte[] random = new byte[IDENTITY_BYTES];
      RANDOM.nextBytes(random);
      byte[] own = Base64.getUrlEncoder().withoutPadding().encode(random);
      over.run(StoreRequest.add(IDENTITY, NO_FLAGS, Exptime.NEVER, own));
      readAgain(); // that of another process, if it was faster
    }
    String known = identity;
    if (known == null) {
      throw new OverSession.RefusedException("it does not keep an item that was added just now");
    }
    return known;
  }

  /**
   * Writes the list, unless another process has changed it since it was read; then reads it again.
   *
   * @return whether it was written
   */
  boolean write(MemberList list) throws IOException {
    CasToken read = token;
    byte[] text = list.format();
    StoreRequest store =
        over.run(
            read == null
                ? StoreRequest.add(MEMBERS, NO_FLAGS, Exptime.NEVER, text)
                : StoreRequest.cas(MEMBERS, NO_FLAGS, Exptime.NEVER, text, read));
    boolean written = store.result() == StoreRequest.Result.STORED;
    if (!written) {
      readAgain();
    }
    return written;
  }
}
