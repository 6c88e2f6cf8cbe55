import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfig;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes strict schemas of the kinds that the chart renders, as kubeconform reads them, below the folder given. */
public final class StrimziSchemas {
    private static final String GROUP = "kafka.strimzi.io";
    private static final String VERSION = "v1";

    public static void main(String[] arguments) throws IOException {
        SchemaGenerator generator = new SchemaGenerator(config());
        Path folder = Files.createDirectories(Path.of(arguments[0], GROUP));
        for (Class<?> kind : List.of(Kafka.class, KafkaNodePool.class, KafkaTopic.class)) {
            ObjectNode schema = generator.generateSchema(kind);
            String name = kind.getSimpleName().toLowerCase(Locale.ROOT) + "_" + VERSION + ".json";
            Files.writeString(folder.resolve(name), schema.toString());
        }
    }

    private static SchemaGeneratorConfig config() {
        SchemaGeneratorConfigBuilder builder =
                new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
                        .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
                        .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        builder.forTypesInGeneral().withCustomDefinitionProvider(StrimziSchemas::textOrNumber);
        return builder.build();
    }

    /** Classes that are read from a text or a number, whatever fields they have. */
    private static CustomDefinition textOrNumber(ResolvedType type, SchemaGenerationContext context) {
        if (type.getErasedType() != Quantity.class && type.getErasedType() != IntOrString.class) {
            return null;
        }
        ObjectNode schema = context.getGeneratorConfig().createObjectNode();
        schema.putArray("type").add("string").add("number");
        return new CustomDefinition(schema);
    }
}
