package org.memjcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.memjcache.fuzz.Budget;

/**
 * Whatever a server answers to the commands of several callers that were sent as one: nobody gets
 * an item of another key, and it makes no difference how the answer is cut into pieces.
 *
 * <p>The second byte of an input chooses the size of the pieces, what follows it comes from the
 * server.
 */
class MergedCommandFuzzTest {

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
    List<TripCommand> commands =
        List.of(
            command(new Retrieval(List.of("v", "a"), withCas)),
            command(new Retrieval(List.of("v", "b"), withCas), new Deletion("b")),
            command(new Retrieval(List.of("c"), withCas)),
            command(new Increment("v", 5)),
            command(new Retrieval(List.of("a", "v"), withCas)));
    MergedCommand merged = new MergedCommand(commands.get(0));
    commands.subList(1, commands.size()).forEach(merged::add);
    List<String> outcome = new ArrayList<>();
    outcome.add(HostileServer.feed(merged::decode, input, piece));
    for (TripCommand command : commands) {
      outcome.add(command.isFinished() ? HostileServer.results(command) : "unanswered");
    }
    return outcome;
  }

  private static TripCommand command(Request... requests) {
    TripCommand command = new TripCommand(Protocol.TEXT);
    List.of(requests).forEach(command::add);
    command.prepare(Thread.currentThread());
    return command;
  }
}
