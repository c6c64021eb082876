// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.memjcache.SerializerContext;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.impl.DefaultTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.type.TypeFactory;

/** JSON by Jackson 3. Thread-safe. */
final class Jackson3Format implements JsonFormat {

  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final ObjectReader plainReader;

  Jackson3Format(JsonMapper mapper, SerializerContext context) {
    TypeTags tags = new TypeTags(context);
    JsonMapper own =
        mapper
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .polymorphicTypeValidator(new AllowedTypes(tags)) // for annotations
            .setDefaultTyping(new TaggedObjects(tags))
            .addModule(new SimpleModule("memjcache").setSerializerModifier(new TextKeys()))
            .build();
    this.writer = own.writerFor(context.valueType());
    this.reader = own.readerFor(context.valueType());
    this.plainReader = mapper.rebuild().deactivateDefaultTyping().build().readerFor(Object.class);
  }

  @Override
  public byte[] write(Object value) {
    return writer.writeValueAsBytes(value);
  }

  @Override
  public @Nullable Object read(byte[] bytes, int offset, int length) {
    return reader.readValue(bytes, offset, length);
  }

  @Override
  public Object readPlain(byte[] bytes) {
    return plainReader.readValue(bytes);
  }

  /** Names classes where {@code Object} is declared. */
  private static final class TaggedObjects extends DefaultTypeResolverBuilder {

    private static final long serialVersionUID = 1;

    TaggedObjects(TypeTags tags) {
      super(new AllowedTypes(tags), DefaultTyping.JAVA_LANG_OBJECT, TypeTags.PROPERTY);
      init(
          JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.CUSTOM,
              JsonTypeInfo.As.PROPERTY,
              TypeTags.PROPERTY,
              null,
              false,
              null),
          new Names(tags));
    }
  }

  private static final class Names extends TypeIdResolverBase {

    private static final long serialVersionUID = 1;

    private final transient TypeTags tags;

    Names(TypeTags tags) {
      this.tags = tags;
    }

    @Override
    public String idFromValue(DatabindContext context, Object value) {
      return tags.nameOf(value);
    }

    @Override
    public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
      return tags.nameOf(value);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) {
      TypeTags.Named named = tags.find(id);
      TypeFactory types = context.getTypeFactory();
      if (named.constants() == null) {
        return types.constructType(named.type());
      }
      return types.constructParametricType(
          named.type(),
          named.type() == EnumSet.class
              ? new Class<?>[] {named.constants()}
              : new Class<?>[] {named.constants(), Object.class});
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }

  private static final class AllowedTypes extends PolymorphicTypeValidator.Base {

    private static final long serialVersionUID = 1;

    private final transient TypeTags tags;

    AllowedTypes(TypeTags tags) {
      this.tags = tags;
    }

    @Override
    public Validity validateSubClassName(DatabindContext context, JavaType base, String name) {
      return tags.isAllowed(name) ? Validity.ALLOWED : Validity.DENIED;
    }
  }

  /** Refuses keys of maps that would be read back as texts. */
  private static final class TextKeys extends ValueSerializerModifier {

    private static final long serialVersionUID = 1;

    @Override
    public ValueSerializer<?> modifyKeySerializer(
        SerializationConfig config,
        JavaType type,
        BeanDescription.Supplier bean,
        ValueSerializer<?> serializer) {
      return type.isJavaLangObject() ? new TextKey() : serializer;
    }
  }

  private static final class TextKey extends ValueSerializer<Object> {

    @Override
    public void serialize(Object key, JsonGenerator out, SerializationContext context) {
      if (!(key instanceof String text)) {
        throw DatabindException.from(out, TypeTags.keyRefused(key));
      }
      out.writeName(text);
    }
  }
}
