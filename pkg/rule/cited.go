package rule

import "gopkg.in/yaml.v3"

// Cited lists the places on which the figures of a parameter file rest, as Source.String gives them.
func Cited(data []byte) ([]string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	var head struct{ Citation string }
	if err := doc.Decode(&head); err != nil {
		return nil, err
	}
	return cited(&doc, head.Citation, nil), nil
}

func cited(node *yaml.Node, citation string, places []string) []string {
	s := Source{Citation: citation}
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		switch value := node.Content[i+1]; node.Content[i].Value {
		case "citation":
			s.Citation = value.Value
		case "article":
			s.Article = value.Value
		}
	}
	if s.Article != "" {
		places = append(places, s.String())
	}
	for _, child := range node.Content {
		places = cited(child, citation, places)
	}
	return places
}
