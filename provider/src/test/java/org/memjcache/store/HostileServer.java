package org.memjcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Plays a server that answers with any bytes, and says what came of it. */
final class HostileServer {

  /** As much as a session keeps of what it could not decode, and room for a little more. */
  private static final int BUFFER = 2 * Answer.MAX_LINE;

  /** What the first byte of an input chooses from. */
  private static final List<Supplier<List<Request>>> QUESTIONS =
      List.of(
          () -> List.of(new Retrieval(List.of("v", "a"), false)),
          () -> List.of(new Retrieval(List.of("v", "a"), true)),
          () -> List.of(Storage.set("a", 1, 0, new byte[3])),
          () -> List.of(Storage.add("a", 1, 0, new byte[3])),
          () -> List.of(Storage.cas("a", 1, 0, new byte[3], new CasToken(17, 1))),
          () -> List.of(new Deletion("a")),
          () -> List.of(new Increment("v", 5)),
          () -> List.of(new CompareAndDeletion("a", new CasToken(17, 1))),
          () ->
              List.of(
                  new Retrieval(List.of("v"), false),
                  Storage.set("a", 1, 0, new byte[3]),
                  new Retrieval(List.of("v"), false)));

  private HostileServer() {}

  /**
   * Answers some requests, once in one piece and once in small ones, which must make no difference.
   *
   * @param input which requests, how large the pieces are, and what comes
   */
  static void answer(Protocol protocol, byte[] input) {
    Supplier<List<Request>> question = QUESTIONS.get((input[0] & 0xff) % QUESTIONS.size());
    int piece = 1 + (input[1] & 0xff);
    assertThat(outcome(protocol, question.get(), input, piece))
        .isEqualTo(outcome(protocol, question.get(), input, BUFFER));
  }

  private static String outcome(
      Protocol protocol, List<Request> requests, byte[] input, int piece) {
    TripCommand command = new TripCommand(protocol);
    requests.forEach(command::add);
    command.prepare(Thread.currentThread());
    String end = feed(command::decode, input, piece);
    return results(command) + " " + end;
  }

  /** Returns the results of all requests that were answered. */
  static String results(TripCommand command) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < command.answered(); i++) {
      command.requests().get(i).settle(null);
      results.add(result(command.requests().get(i)));
    }
    return results.toString();
  }

  /** Something that reads an answer as it arrives. */
  @FunctionalInterface
  interface Decoder {
    boolean decode(ByteBuffer in);
  }

  /** Feeds what follows the first two bytes of an input, and says how it ended. */
  static String feed(Decoder decoder, byte[] input, int piece) {
    ByteBuffer in = ByteBuffer.allocate(BUFFER);
    int next = 2;
    try {
      while (next < input.length) {
        int count = Math.min(Math.min(piece, in.remaining()), input.length - next);
        in.put(input, next, count).flip();
        next += count;
        if (decoder.decode(in)) {
          return "complete, " + (input.length - next + in.remaining()) + " bytes left";
        }
        assertThat(in.remaining()).as("bytes kept").isLessThanOrEqualTo(Answer.MAX_LINE);
        in.compact();
      }
      return "incomplete";
    } catch (ProtocolException e) {
      assertThat(e).hasMessageNotContaining("\n");
      return "refused";
    }
  }

  private static String result(Request request) {
    if (request.refusal() != null) {
      return request.refusal();
    }
    if (request instanceof Retrieval retrieval) {
      return items(retrieval);
    }
    if (request instanceof Storage storage) {
      return storage.result().name();
    }
    if (request instanceof Deletion deletion) {
      return "deleted=" + deletion.deleted();
    }
    if (request instanceof CompareAndDeletion deletion) {
      return deletion.result().name();
    }
    return ((Increment) request).value().toString();
  }

  private static String items(Retrieval retrieval) {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < retrieval.keys().size(); i++) {
      Item item = retrieval.item(i);
      if (item != null) {
        assertThat(item.key()).isEqualTo(retrieval.keys().get(i));
        items.append(item).append(Wire.text(item.data())).append(';');
      }
    }
    return items.toString();
  }
}
