// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.memjcache.fuzz.Budget;
import org.memjcache.internal.client.HostileServer;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.config.value.Protocol;

/**
 * Whatever a server answers to the commands of several callers that were sent as one: nobody gets
 * an item of another key, and it makes no difference how the answer is cut into pieces.
 *
 * <p>The second byte of an input chooses the size of the pieces, what follows it comes from the
 * server.
 */
class CoalescedBatchFuzzTest {

  @FuzzTest
  void decode(byte[] input) {
    if (input.length >= 2) {
      Budget.check(
          input,
          () -> {
            boolean withCas = input[0] % 2 != 0;
            List<String> inPieces = outcome(withCas, input, 1 + (input[1] & 0xff));
            List<String> whole = outcome(withCas, input, Integer.MAX_VALUE);
            for (int i = 0; i < whole.size(); i++) {
              if (!whole.get(0).equals("refused") || !whole.get(i).equals("unanswered")) {
                assertThat(inPieces.get(i)).isEqualTo(whole.get(i));
              }
            }
          });
    }
  }

  private static List<String> outcome(boolean withCas, byte[] input, int piece) {
    List<ServerBatch> commands =
        List.of(
            command(new GetRequest(List.of("v", "a"), withCas)),
            command(new GetRequest(List.of("v", "b"), withCas), new DeleteRequest("b")),
            command(new GetRequest(List.of("c"), withCas)),
            command(new IncrementRequest("v", 5)),
            command(new GetRequest(List.of("a", "v"), withCas)));
    CoalescedBatch merged = new CoalescedBatch(commands.get(0));
    commands.subList(1, commands.size()).forEach(merged::add);
    List<String> outcome = new ArrayList<>();
    outcome.add(HostileServer.feed(merged::decode, input, piece));
    for (ServerBatch command : commands) {
      outcome.add(command.isFinished() ? HostileServer.results(command) : "unanswered");
    }
    return outcome;
  }

  private static ServerBatch command(Request... requests) {
    ServerBatch command = new ServerBatch(Protocol.TEXT);
    List.of(requests).forEach(command::add);
    command.prepare();
    command.claim();
    return command;
  }
}
