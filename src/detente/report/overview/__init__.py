"""What a report says first: four questions, each with a sentence, a picture and a paragraph."""
