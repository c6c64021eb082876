// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.SerializerContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps values as JSON, by Jackson 3 ({@code tools.jackson.core:jackson-databind}): {@code
 * serializer=org.memjcache.jackson.JacksonSerializer}.
 *
 * <ul>
 *   <li>A cache that declares the type of its values holds plain JSON, read as that type. The JSON
 *       names no class.
 *   <li>Where {@code Object} is declared, as the type of values, by a property or as the type of
 *       elements, objects have a property {@code @class}, and other values are {@code ["class",
 *       value]}, except for texts, truth values, {@code int} and {@code double}. A class must be
 *       allowed as in Java serialization ({@code serialization.allow}), to be written as well as to
 *       be read.
 *   <li>The first value of each class is read back, and refused if it isn't the same then.
 *   <li>Spring's {@code NullValue} is {@code null}.
 *   <li>Keys that have no encoding of their own are serialized by Java, since equal keys must have
 *       equal bytes.
 * </ul>
 *
 * <p>Properties that a class doesn't have are ignored when it is read, and those that are missing
 * are null or 0, so that releases of a program may differ in them. Thread-safe.
 */
public final class JacksonSerializer extends UnboundSerializer {

  private final @Nullable Supplier<JsonMapper> mapper;

  /** Creates a serializer with Jackson's own settings and the modules that it finds. */
  public JacksonSerializer() {
    this(null);
  }

  // Public constructors may not name Jackson's classes, so that the error can say what is missing.
  private JacksonSerializer(@Nullable Supplier<JsonMapper> mapper) {
    this.mapper = mapper;
  }

  /**
   * {@return a serializer with the settings and modules of an application's mapper}
   *
   * @param mapper the mapper, never changed; its default typing, if any, is not used
   */
  public static JacksonSerializer of(JsonMapper mapper) {
    return new JacksonSerializer(() -> mapper);
  }

  @Override
  public Serializer forCache(SerializerContext context) {
    try {
      return new JsonValues(
          context, new Jackson3Format(mapper == null ? standard() : mapper.get(), context));
    } catch (NoClassDefFoundError e) {
      throw new CacheException(
          "Jackson 3 is missing: add tools.jackson.core:jackson-databind, or use "
              + Jackson2Serializer.class.getName()
              + " with Jackson 2",
          e);
    }
  }

  private static JsonMapper standard() {
    return JsonMapper.builder()
        .findAndAddModules()
        .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING) // which is for people, and may change
        .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
        .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES) // missing in older JSON
        .build();
  }
}
