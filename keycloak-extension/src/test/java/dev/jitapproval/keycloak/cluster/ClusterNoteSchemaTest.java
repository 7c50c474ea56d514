package dev.jitapproval.keycloak.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ServiceLoader;
import org.infinispan.protostream.ProtobufUtil;
import org.infinispan.protostream.SerializationContext;
import org.infinispan.protostream.SerializationContextInitializer;
import org.junit.jupiter.api.Test;

class ClusterNoteSchemaTest {

    @Test
    void aNoteArrivesAsItWasSent() throws IOException {
        SerializationContext context = ProtobufUtil.newSerializationContext();
        ServiceLoader.load(SerializationContextInitializer.class).forEach(schema -> schema.register(context));

        ClusterNote note = new ClusterNote("a realm, with ü and 🔒");
        byte[] sent = ProtobufUtil.toWrappedByteArray(context, note);

        assertThat(ProtobufUtil.<ClusterNote>fromWrappedByteArray(context, sent)).isEqualTo(note);
    }
}
