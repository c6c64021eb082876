// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.Transport;
import org.memjcache.internal.common.VersionTime;
import org.memjcache.internal.config.value.ServerAddress;

class MembershipViewTest {

  private final MembershipView view =
      new MembershipView(InstantSource.system(), (server, floor) -> {});
  private final Server server =
      new Server(0, new ServerAddress("127.0.0.1", 1), 2, ignored -> {}, task -> {});

  private Session session() {
    return new Session(
        server,
        (Transport)
            Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class, BufferingChannel.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "byteChannel" -> proxy;
                      case "writesRecords", "holdsUnsent", "holdsUnread" -> false;
                      default -> null;
                    }));
  }

  /** All others would have to go beyond it with each floor. */
  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:03:00Z", "2130-01-01T00:00:00Z"})
  void left_clockIsWrong_numberIsPossible(String time) {
    MembershipView wrong =
        new MembershipView(InstantSource.fixed(Instant.parse(time)), (server, floor) -> {});
    wrong.learn(MemberList.EMPTY.with(Member.joining("id", "127.0.0.1:1", 0, null)));
    wrong.leaving(Set.of("id"));

    wrong.left(Set.of("id"));

    assertThat(wrong.known().used()).isEmpty();
    assertThat(VersionTime.isPossible(wrong.known().highestFloor())).isTrue();
  }

  /** It was flushed, or has evicted the item; nobody has connected by its name. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNameOfNewcomer_connectionTellsAnotherIdentity_isNone(boolean isInRoundTrip) {
    Session session = session();
    view.use(List.of(server));
    view.begin(server, session);
    view.identify(server, session, "before");
    view.settle();
    view.end(server, true);
    server.opened(session, null);

    if (isInRoundTrip) {
      view.identify(server.address(), "after");
    } else {
      view.identify(server, session, "after");
    }
    view.learn(joined("after"));
    assertThat(view.isNameOfNewcomer(server)).isFalse();

    view.learn(joined("newcomer"));
    assertThat(view.isNameOfNewcomer(server)).isTrue();
  }

  private MemberList joined(String id) {
    return MemberList.EMPTY.with(Member.joining(id, server.address().toString(), 0, null));
  }

  /** Nothing is sent over the newest one any more. */
  @Test
  void sessions_newestIsGivenUp_isAnotherOneIfThereIsOne() {
    Session older = session();
    Session newest = session();
    view.use(List.of(server));
    view.begin(server, newest);
    assertThat(view.sessions()).containsEntry(server, newest);

    newest.giveUp(DisconnectReason.silence("it is silent"));

    assertThat(view.sessions()).isEmpty();
    server.opened(older, null);
    assertThat(view.sessions()).containsEntry(server, older);
  }
}
