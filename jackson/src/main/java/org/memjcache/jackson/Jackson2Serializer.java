// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.SerializerContext;

/**
 * Keeps values as JSON, by Jackson 2 ({@code com.fasterxml.jackson.core:jackson-databind}): {@code
 * serializer=org.memjcache.jackson.Jackson2Serializer}. Does all else as {@link JacksonSerializer},
 * and reads what that one writes, as far as both have the same settings.
 *
 * <p>Modules that Jackson finds, such as {@code jackson-datatype-jsr310} for {@code java.time}, are
 * used; dates are texts. Thread-safe.
 */
public final class Jackson2Serializer extends UnboundSerializer {

  private final @Nullable Supplier<ObjectMapper> mapper;

  /** Creates a serializer with Jackson's own settings and the modules that it finds. */
  public Jackson2Serializer() {
    this(null);
  }

  // Public constructors may not name Jackson's classes, so that the error can say what is missing.
  private Jackson2Serializer(@Nullable Supplier<ObjectMapper> mapper) {
    this.mapper = mapper;
  }

  /**
   * {@return a serializer with the settings and modules of an application's mapper}
   *
   * @param mapper the mapper, copied; its default typing, if any, is not used
   */
  public static Jackson2Serializer of(ObjectMapper mapper) {
    return new Jackson2Serializer(() -> mapper);
  }

  @Override
  public Serializer forCache(SerializerContext context) {
    try {
      return new JsonValues(
          context, new Jackson2Format(mapper == null ? standard() : mapper.get(), context));
    } catch (NoClassDefFoundError e) {
      throw new CacheException(
          "Jackson 2 is missing: add com.fasterxml.jackson.core:jackson-databind, or use "
              + JacksonSerializer.class.getName()
              + " with Jackson 3",
          e);
    }
  }

  private static ObjectMapper standard() {
    return JsonMapper.builder()
        .findAndAddModules()
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .build();
  }
}
