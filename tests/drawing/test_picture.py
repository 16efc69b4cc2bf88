"""What is drawn of a flow."""

from tests.drawing.kit import drawn

ROUTE = """
    processors:
      make: {type: org.apache.nifi.processors.standard.GenerateFlowFile, schedule: {every: 5 sec}}
      save: {type: PutFile, properties: {Directory: out}, auto_terminate: [Success], dead_letter: [failure]}
    connections: [make --> save]
"""


def test_relationships_are_named_as_their_processor_names_them() -> None:
    picture = drawn(ROUTE)

    assert [str(connection) for connection in picture.connections] == ["make -- success --> save"]
    assert picture.processors[1].ended == ("success",)
    assert picture.processors[1].dead_letters == ("failure",)


def test_a_type_is_called_by_its_short_name_whether_or_not_it_is_known() -> None:
    assert [drawn(ROUTE, built=built).processors[0].type for built in (True, False)] == ["GenerateFlowFile"] * 2


def test_the_schedule_is_shown_as_written() -> None:
    assert drawn(ROUTE).processors[0].schedule == "every 5 sec"


def test_what_nothing_leads_to_is_a_source_even_if_it_sends_to_itself() -> None:
    text = """
        processors:
          make: {type: GenerateFlowFile, auto_terminate: [success]}
          loop: {type: UpdateAttribute}
        connections: [loop -- success --> loop]
    """

    assert [processor.is_source for processor in drawn(text, built=False).processors] == [True, True]


def test_a_flow_with_a_wrong_property_is_drawn_as_written() -> None:
    picture = drawn("""
        processors:
          make: {type: GenerateFlowFile, properties: {Nonsense: x}}
          mystery: {type: NoSuchType, auto_terminate: [done]}
        connections: [make -- success --> mystery]
    """)

    assert [processor.type for processor in picture.processors] == ["GenerateFlowFile", "NoSuchType"]
    assert picture.processors[1].ended == ("done",)


def test_a_processor_that_only_an_arrow_names_is_marked_as_missing() -> None:
    picture = drawn("""
        processors:
          make: {type: GenerateFlowFile}
        connections: [make -- success --> something quite different]
    """)

    assert [(processor.name, processor.is_missing) for processor in picture.processors] == [
        ("make", False),
        ("something quite different", True),
    ]


def test_a_parameter_without_a_value_keeps_nothing_from_being_drawn() -> None:
    picture = drawn("""
        parameters:
          often: {env: OFTEN}
        processors:
          make: {type: GenerateFlowFile, schedule: {cron: "#{often}"}, enabled: no, auto_terminate: [success]}
    """)

    assert picture.processors[0].schedule == "cron #{often}"
    assert picture.processors[0].is_disabled


def test_texts_are_one_line_of_visible_characters() -> None:
    picture = drawn("""
        description: "one\\ntwo \\a three"
        processors:
          make: {type: GenerateFlowFile, comment: "a\\nb", auto_terminate: [success]}
    """)

    assert picture.description == "one two \N{REPLACEMENT CHARACTER} three"
    assert picture.processors[0].comment == "a b"
