package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One secret or several, which are never shown. Immutable and thread-safe.
 *
 * <p>Two are equal if their texts are, in the same order.
 */
public final class Secrets {

  /** The shortest secret that is taken, in characters. */
  private static final int SHORTEST = 16;

  static final OptionFormat<Secrets> FORMAT =
      new OptionFormat<>(
          "a text of " + SHORTEST + " characters or more, or several with ',' between them",
          Secrets::parse);

  private final List<String> texts;

  private Secrets(List<String> texts) {
    this.texts = List.copyOf(texts);
  }

  private static Optional<Secrets> parse(String text) {
    List<String> texts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String secret = part.strip();
      if (secret.length() < SHORTEST) {
        return Optional.empty();
      }
      texts.add(secret);
    }
    return Optional.of(new Secrets(texts));
  }

  /** Returns the secrets. Not to be shown to anybody. */
  public List<String> texts() {
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secrets that && texts.equals(that.texts);
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  /** Returns how many there are, and nothing else. */
  @Override
  public String toString() {
    return "Secrets[" + texts.size() + "]";
  }
}
