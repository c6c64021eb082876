package org.memjcache.internal.config;

import java.util.Optional;

/** Tells names of classes from other texts, before any class is looked up. */
final class ClassName {
  /** The name of a class as the value of an option. */
  static final OptionFormat<String> FORMAT =
      new OptionFormat<>(
          "the name of a class, such as java.lang.String",
          text -> Optional.of(text).filter(ClassName::isOne));

  private ClassName() {}

  /** Returns whether a text could be the binary name of a class, {@code [B} and such included. */
  static boolean isOne(String text) {
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits = start ? Character.isJavaIdentifierStart(c) : isPart(c);
      if (!fits) {
        return isArray(text);
      }
      start = c == '.';
    }
    return !start;
  }

  private static boolean isPart(char c) {
    return c == '.' || c == '-' || Character.isJavaIdentifierPart(c);
  }

  private static boolean isArray(String text) {
    return text.matches("\\[+([ZBCSIJFD]|L[^\\[;/\\s]+;)");
  }
}
