// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.memjcache.SerializerContext;

/** JSON by Jackson 2. Thread-safe. */
final class Jackson2Format implements JsonFormat {

  private final ObjectWriter writer;
  private final ObjectReader reader;
  private final ObjectReader plainReader;

  Jackson2Format(ObjectMapper mapper, SerializerContext context) {
    TypeTags tags = new TypeTags(context);
    ObjectMapper own =
        mapper
            .copy()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setPolymorphicTypeValidator(new AllowedTypes(tags)) // for annotations
            .setDefaultTyping(new TaggedObjects(tags))
            .registerModule(new SimpleModule("memjcache").setSerializerModifier(new TextKeys()));
    this.writer = own.writerFor(context.valueType());
    this.reader = own.readerFor(context.valueType());
    this.plainReader = mapper.copy().deactivateDefaultTyping().readerFor(Object.class);
  }

  @Override
  public byte[] write(Object value) throws IOException {
    return writer.writeValueAsBytes(value);
  }

  @Override
  public @Nullable Object read(byte[] bytes, int offset, int length) throws IOException {
    return reader.readValue(bytes, offset, length);
  }

  @Override
  public Object readPlain(byte[] bytes) throws IOException {
    return plainReader.readValue(bytes);
  }

  /** Names classes where {@code Object} is declared. */
  private static final class TaggedObjects extends ObjectMapper.DefaultTypeResolverBuilder {

    private static final long serialVersionUID = 1;

    TaggedObjects(TypeTags tags) {
      super(ObjectMapper.DefaultTyping.JAVA_LANG_OBJECT, new AllowedTypes(tags));
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
    public String idFromValue(Object value) {
      return tags.nameOf(value);
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> type) {
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
    public Validity validateSubClassName(MapperConfig<?> config, JavaType base, String name) {
      return tags.isAllowed(name) ? Validity.ALLOWED : Validity.DENIED;
    }
  }

  /** Refuses keys of maps that would be read back as texts. */
  private static final class TextKeys extends BeanSerializerModifier {

    private static final long serialVersionUID = 1;

    @Override
    public JsonSerializer<?> modifyKeySerializer(
        SerializationConfig config,
        JavaType type,
        BeanDescription bean,
        JsonSerializer<?> serializer) {
      return type.isJavaLangObject() ? new TextKey() : serializer;
    }
  }

  private static final class TextKey extends JsonSerializer<Object> {

    @Override
    public void serialize(Object key, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (!(key instanceof String text)) {
        throw JsonMappingException.from(out, TypeTags.keyRefused(key));
      }
      out.writeFieldName(text);
    }
  }
}
