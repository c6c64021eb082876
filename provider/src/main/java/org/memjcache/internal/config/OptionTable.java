package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.DidYouMean;

/**
 * Options of one kind, each with a name of its own. To be filled while its class is initialized;
 * after that it is only read.
 */
final class OptionTable {
  private final List<Option<?>> options = new ArrayList<>();

  /** Adds an option that isn't secret and that no environment variable gives; returns it. */
  <T> Option<T> add(
      String name, @Nullable String defaultText, OptionFormat<T> format, String description) {
    return add(new Option<>(name, defaultText, format, description));
  }

  /** Adds an option and returns it. */
  <T> Option<T> add(Option<T> option) {
    options.add(option);
    return option;
  }

  /** Returns all options, in the order in which documentation lists them. */
  List<Option<?>> all() {
    return List.copyOf(options);
  }

  /** Returns the option of this name, if there is one. */
  Optional<Option<?>> find(String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst();
  }

  /** Returns the end of an error about an unknown name: the nearest name and all others. */
  String accepted(String name) {
    List<String> names = options.stream().<String>map(Option::name).toList();
    return DidYouMean.of(name, names)
            .map(nearest -> "did you mean '" + nearest + "'? Accepted are ")
            .orElse("accepted are ")
        + String.join(", ", names);
  }
}
